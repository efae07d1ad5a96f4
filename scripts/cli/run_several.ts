import { join } from "node:path";
import { inputNotes } from "../../shared/contract/input_notes.ts";
import type { ListedImage } from "./image_list.ts";
import { type ImageDone, summaryTable } from "./image_summary.ts";
import { type LeftOut, leftOut, reportLeftOut } from "./left_out.ts";
import { makeFolder } from "./make_folder.ts";
import type { InputOptions } from "./read_inputs.ts";
import { runOnce, type RunSetup } from "./run_once.ts";
import { writeAtomically } from "./write_atomically.ts";

/**
 * Runs a method on each of several images, with a folder of results for each; goes on where one
 * fails. Ends with a table of all, and with summary.json.
 *
 * @throws {Error} Once all are done, if an image was left out, here or of the folder beside.
 */
export async function runOnImages(
  setup: RunSetup,
  images: readonly ListedImage[],
  named: InputOptions,
  out: string,
): Promise<void> {
  const { method, options, network, summary: described, sha256, others, signal } = setup;
  const done: ImageDone[] = [];
  const missing: LeftOut[] = [];
  for (const [i, { path, folder }] of images.entries()) {
    console.error(`${path} (${i + 1} of ${images.length})`);
    try {
      const run = await runOnce(setup, { ...named, image: path }, undefined, join(out, folder));
      for (const written of run.paths) console.log(written);
      const { inputs, result: { measures }, seconds } = run;
      done.push({ image: path, folder, seconds, notes: inputNotes(inputs), measures });
    } catch (error) {
      if (signal.aborted) throw error;
      missing.push(leftOut(path, error));
    }
  }
  const summary = {
    method: method.id,
    model: { id: network.id, sha256 },
    preprocessing: network.manifest.input,
    network: described,
    backend: network.backend,
    options,
    images: done,
    leftOut: [...missing, ...others.leftOut],
  };
  const bytes = new TextEncoder().encode(JSON.stringify(summary, null, 2) + "\n");
  await makeFolder(out);
  console.error(summaryTable(done, missing));
  console.log(await writeAtomically(out, "summary.json", bytes));
  reportLeftOut(summary.leftOut, images.length + others.count);
}
