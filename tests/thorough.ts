/**
 * `deno task test:thorough` runs every reference array on every backend. Other runs take a sample
 * of what is slow: networks of ImageNet's size, and a GPU in software.
 */
import { dirname } from "node:path";

const isThorough = Deno.env.get("THOROUGH") === "1";

/** All rows in a thorough run, else those that are picked. */
export function sampled<Row>(
  rows: readonly Row[],
  isPicked: (row: Row, index: number) => boolean,
): readonly Row[] {
  return isThorough ? rows : rows.filter(isPicked);
}

/** Whether a folder of reference arrays is that of its network's first image. */
export const isFirstImage = (folder: string, folders: readonly string[]): boolean =>
  folders.find((other) => dirname(other) === dirname(folder)) === folder;
