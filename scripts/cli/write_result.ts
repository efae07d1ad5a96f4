import { encodePng } from "../../shared/image/encode_png.ts";
import type { MethodResult } from "../../shared/contract/method.ts";
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
 * Writes images as PNG, other files as they are, arrays as .npy, and the measures with `description` as result.json.
 *
 * @returns The paths written; result.json last, so that where it is, all is.
 */
export async function writeResult(
  { out, raw }: WriteOptions,
  { images, files = {}, arrays, measures }: MethodResult,
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
    images: Object.keys(images).map((name) => `${name}.png`),
    files: Object.keys(files),
    arrays: shapes,
  };
  const text = JSON.stringify(result, null, 2) + "\n";
  const outputs: [string, Uint8Array][] = [
    ...Object.entries(files),
    ...Object.entries(images).map(([name, image]): [string, Uint8Array] => [
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
