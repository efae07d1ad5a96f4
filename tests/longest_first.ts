/**
 * Files that take longest start first, so that none runs alone at the end. Vitest knows how long
 * files took only from a former run in the same folder; without one it goes by their size in bytes.
 */
import { existsSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Each takes more than 20 s of two cores; the longest first. */
const LONGEST = [
  "tests/conformance/gradient_test.ts",
  "tests/browser/site_test.ts",
  "tests/browser/gallery_test.ts",
  "tests/http/rebuild_test.ts",
  "tests/goldens/cam_test.ts",
  "scripts/cli/main_test.ts",
  "tests/browser/workbench_test.ts",
  "tests/goldens/gradient_test.ts",
  "tests/conformance/methods_test.ts",
  "scripts/figures/build_figures_test.ts",
  "tests/browser/tour_test.ts",
  "tests/hub/fetch_command_test.ts",
  "tests/goldens/occlusion_test.ts",
];

const gone = LONGEST.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)));
if (gone.length > 0) {
  throw new Error(`There is no test ${gone.join(", ")}, which is to start first`);
}

function place({ moduleId }: TestSpecification): number {
  const found = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
  return found < 0 ? LONGEST.length : found;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
