import { table } from "../scripts/cli/table.ts";

/** What is covered of the files below a folder, in per cent. */
interface Summary {
  readonly lines: { readonly pct: number; readonly total: number };
  readonly branches: { readonly pct: number };
  readonly functions: { readonly pct: number };
}

/** A folder or a file, of the tree that Vitest's report context makes. */
interface Node {
  isRoot(): boolean;
  getQualifiedName(): string;
  getCoverageSummary(ofFilesOnly: boolean): { toJSON(): Summary };
}

interface Context {
  getTree(by: "pkg"): { visit(visitor: { onSummary(node: Node): void }): void };
}

const HEADER = ["folder", "lines", "% of lines", "% of branches", "% of functions"];

/** Prints a row for each folder of code, and one for all: a reporter of `vitest --coverage`. */
export default class CoverageTable {
  execute(context: Context): void {
    const rows = [HEADER];
    let all: string[] = [];
    context.getTree("pkg").visit({
      onSummary(node) {
        const { lines, branches, functions } = node.getCoverageSummary(false).toJSON();
        const shares = [lines, branches, functions].map(({ pct }) => Number(pct).toFixed(1));
        const cells = [String(lines.total), ...shares];
        if (node.isRoot()) all = ["all", ...cells];
        else rows.push([node.getQualifiedName(), ...cells]);
      },
    });
    rows.push(all);
    console.log(table(rows));
  }
}
