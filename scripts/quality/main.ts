/**
 * `deno task quality [part] [--model glyphnet] [--count n]`: faithfulness and localisation of the methods,
 * measured on scenes whose every pixel is known.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { openModel } from "../../models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { exitCode, UsageError } from "../cli/exit_code.ts";
import { classModels } from "./class_models.ts";
import { faithfulness } from "./faithfulness.ts";
import { inversions } from "./inversions.ts";
import { inversionsJudged } from "./inversions_judged.ts";
import { KeptResults } from "./kept_results.ts";
import { localisation } from "./localisation.ts";
import { pointing } from "./pointing.ts";
import type { QualityPart, QualityRow } from "./quality_part.ts";
import { sanity } from "./sanity.ts";
import { segmentation } from "./segmentation.ts";

const PARTS: readonly QualityPart[] = [
  localisation,
  pointing,
  faithfulness,
  sanity,
  segmentation,
  classModels,
  inversions,
  inversionsJudged,
];

const NAMES = PARTS.map(({ name }) => name);

function help(): string {
  return [
    "usage: deno task quality [part] [options]; all parts without a name",
    ...PARTS.map(({ name, summary, scenes }) => `  ${name} (${scenes} scenes): ${summary}`),
    "  --model <id>  a network that knows the glyphs; default glyphnet",
    "  --count <n>   another number of scenes",
    "  --keep <file> in .cache: results of localisation and inversions-judged, to go on with when it was stopped",
  ].join("\n");
}

async function main(args: string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: "string", default: "glyphnet" },
      count: { type: "string" },
      keep: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(help());
  const asked = values.count === undefined ? undefined : Number(values.count);
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1)) {
    throw new UsageError(`Cannot measure on "${values.count}" scenes: expected 1 or more`);
  }
  const unknown = positionals.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`Cannot measure "${unknown}": expected ${NAMES.join(" or ")}`);
  }
  const parts = PARTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const kept = values.keep === undefined ? undefined : await KeptResults.open(values.keep);
  await using network = await openNetwork(await openModel(values.model), { signal });
  for (const { name, summary, scenes, run } of parts) {
    const count = asked ?? scenes;
    const since = performance.now();
    const rows = await run(network, count, signal, kept);
    const seconds = ((performance.now() - since) / 1000).toFixed(0);
    console.log(`## ${name}\n\n${summary}\n\n${printRows(rows)}\n`);
    console.log(`${network.id}, ${count} ${count === 1 ? "scene" : "scenes"}, ${seconds} s\n`);
  }
}

if (import.meta.main) {
  Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task quality --help"));
}

/** Rows as a Markdown table, which reads well in a terminal too; nothing for none. */
export function printRows(rows: readonly QualityRow[]): string {
  if (rows.length === 0) return "";
  const names = Object.keys(rows[0]);
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}
