import { printable } from "../../shared/printable.ts";
import type { Network } from "../../shared/network/network.ts";
import { ASSUMED, type Origins } from "../../shared/network/open/describe_file.ts";

/** Files whose notes were told; those of a folder are read more than once. */
const told = new Set<string>();

/** Writes what a person should know of a file to standard error, once for each file. */
export function tellNotes(path: string, notes: readonly string[]): void {
  if (told.has(path)) return;
  told.add(path);
  for (const note of notes) console.error(printable(`${path}: ${note}`));
}

/** Networks of which it was told. */
const assumed = new WeakSet<Network>();

/**
 * Says on standard error, once, that the images of a user's own network are prepared as nobody said,
 * which is rarely how it was trained.
 */
export function tellPreprocessing(network: Network, origins: Origins): void {
  const { scale, channelOrder } = network.manifest.input;
  const isAssumed = origins.mean === ASSUMED && origins.std === ASSUMED;
  if (!isAssumed || assumed.has(network)) return;
  assumed.add(network);
  console.error(
    `${network.id}: preprocessing without mean and std, in ${channelOrder}, levels times ` +
      `${scale.toPrecision(3)}. If it was trained otherwise, give --mean, --std, --scale`,
  );
}
