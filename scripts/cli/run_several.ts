import { join } from "node:path";
import { inputNotes } from "../../shared/contract/run_method.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { type ImageDone, summaryTable } from "./image_summary.ts";
import { type LeftOut, leftOut, reportLeftOut } from "./left_out.ts";
import { makeFolder, writeAtomically } from "./write_files.ts";
import type { PlannedRun } from "./planned_runs.ts";
import type { InputOptions } from "./read_inputs.ts";
import { runOnce, type RunSetup } from "./run_once.ts";

/**
 * Runs a method on each of several images, and for each of several targets, with a folder of results
 * for each; goes on where one fails. Ends with a table of all, and with summary.json.
 *
 * @param tensor The one that `--input` names.
 * @throws {Error} Once all are done, if a run was left out, or an image of the folder beside.
 */
export async function runSeveral(
  setup: RunSetup,
  runs: readonly PlannedRun[],
  named: InputOptions,
  tensor: Tensor<"float32"> | undefined,
  out: string,
): Promise<void> {
  const { method, network, summary: described, sha256, others, signal } = setup;
  const done: ImageDone[] = [];
  const missing: LeftOut[] = [];
  for (const [i, { image, target, folder, options }] of runs.entries()) {
    const title = [image, target].filter((part) => part !== undefined).join(", ");
    console.error(`${title} (${i + 1} of ${runs.length})`);
    try {
      const each = { ...setup, options };
      const run = await runOnce(each, { ...named, image }, tensor, join(out, folder));
      for (const written of run.paths) console.log(written);
      const { inputs, result: { measures }, seconds } = run;
      const notes = inputNotes(inputs);
      done.push({
        ...image !== undefined && { image },
        ...target !== undefined && { target },
        ...{ folder, seconds, notes, measures },
      });
    } catch (error) {
      if (signal.aborted) throw error;
      missing.push(leftOut(image ?? title, error, target));
    }
  }
  const targets = runs.flatMap(({ target }) => target === undefined ? [] : [target]);
  const { options } = setup;
  const summary = {
    method: method.id,
    model: { id: network.id, sha256 },
    preprocessing: network.manifest.input,
    network: described,
    backend: network.backend,
    options: targets.length > 0
      ? { ...options as Record<string, unknown>, target: [...new Set(targets)] }
      : options,
    images: done,
    leftOut: [...missing, ...others.leftOut],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(summary, null, 2) + "\n");
  await makeFolder(out);
  console.error(summaryTable(done, missing));
  console.log(await writeAtomically(out, "summary.json", bytes));
  reportLeftOut(summary.leftOut, runs.length + others.count);
}
