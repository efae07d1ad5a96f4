import { RandomStream } from "../random_stream.ts";
import type { FuzzJob } from "./job.ts";
import { readFiles } from "./seeds/read_files.ts";
import type { Target } from "./target.ts";

/** Larger files would be most of the time and none of the variety. */
const MOST_BYTES = 64 * 2 ** 10;

/** All inputs that a target starts from: its own, and those of a folder. */
export async function seedsOf(
  target: Target,
  corpus: string | undefined,
): Promise<readonly Uint8Array[]> {
  const found = corpus === undefined ? [] : readFiles(corpus, target.endings);
  return [...await target.seeds(), ...found.filter(({ length }) => length <= MOST_BYTES)];
}

/** Input `index` of a job. */
export function makeInput(
  target: Target,
  seeds: readonly Uint8Array[],
  { seed, replay }: Pick<FuzzJob, "seed" | "replay">,
  index: number,
): Uint8Array<ArrayBuffer> {
  if (replay !== undefined) return Deno.readFileSync(replay);
  return target.mutate(new RandomStream(Math.imul(seed, 0x1000193) ^ index), seeds);
}
