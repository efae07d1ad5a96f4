import { encodePng } from "../../shared/image/encode_png.ts";
import type { TechniqueResult } from "../../shared/contract/technique.ts";
import { encodeNpy } from "../../shared/tensor/npy.ts";
import { makeFolder } from "./make_folder.ts";
import { writeAtomically } from "./write_atomically.ts";

export interface WriteOptions {
  /** Folder; made if it is not there. */
  readonly out: string;
  /** Whether arrays are written. */
  readonly raw: boolean;
}

/**
 * Writes pictures as PNG, other files as they are, arrays as .npy, and the measures with `description` as result.json.
 *
 * @returns The paths written; result.json last, so that where it is, all is.
 */
export async function writeResult(
  { out, raw }: WriteOptions,
  { pictures, files = {}, arrays, measures }: TechniqueResult,
  description: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  await makeFolder(out);
  const written = raw ? arrays : {};
  const shapes = Object.fromEntries(
    Object.entries(written).map(([name, { dims }]) => [`${name}.npy`, dims]),
  );
  const result = {
    ...description,
    measures,
    pictures: Object.keys(pictures).map((name) => `${name}.png`),
    files: Object.keys(files),
    arrays: shapes,
  };
  const text = JSON.stringify(result, null, 2) + "\n";
  const outputs: [string, Uint8Array][] = [
    ...Object.entries(files),
    ...Object.entries(pictures).map(([name, image]): [string, Uint8Array] => [
      `${name}.png`,
      encodePng(image),
    ]),
    ...Object.entries(written).map(([name, tensor]): [string, Uint8Array] => [
      `${name}.npy`,
      encodeNpy(tensor),
    ]),
    ["result.json", new TextEncoder().encode(text)],
  ];
  const paths: string[] = [];
  for (const [name, bytes] of outputs) paths.push(await writeAtomically(out, name, bytes));
  return paths;
}
