import { join } from "node:path";
import type { Corpus } from "../../shared/contract/method.ts";
import type { Network } from "../../shared/network/network.ts";
import { folderCorpus } from "./folder_corpus.ts";
import { type LeftOut, leftOut } from "./left_out.ts";
import { decodeFile } from "./read_input.ts";

export interface ReadableCorpus {
  readonly corpus: Corpus;
  readonly leftOut: readonly LeftOut[];
  /** With those that are left out. */
  readonly count: number;
}

/**
 * The images of a folder that can be read. Each is decoded once to tell: methods that look at
 * thousands must not end with the last.
 *
 * @throws {Error} If the folder can't be read, or none of its images.
 */
export async function readableCorpus(
  folder: string,
  network: Network,
  signal: AbortSignal,
): Promise<ReadableCorpus> {
  const all = await folderCorpus(folder, network);
  const kept: number[] = [];
  const missing: LeftOut[] = [];
  for (let index = 0; index < all.count; index++) {
    signal.throwIfAborted();
    const path = join(folder, all.nameOf(index));
    try {
      await decodeFile(path);
      kept.push(index);
    } catch (error) {
      missing.push(leftOut(path, error));
    }
  }
  if (kept.length === 0) {
    const [{ image, reason }] = missing;
    throw new Error(
      `Cannot use the folder ${folder}: none of its ${all.count} images can be read; ${image}: ` +
        reason,
    );
  }
  const corpus: Corpus = {
    count: kept.length,
    nameOf: (index) => all.nameOf(kept[index]),
    labelOf: (index) => all.labelOf?.(kept[index]),
    read: (index, signal) => all.read(kept[index], signal),
  };
  return { corpus, leftOut: missing, count: all.count };
}
