import type { Network } from "../../shared/network/network.ts";
import { ASSUMED, type Origins } from "../../shared/network/open/describe_file.ts";

/** Networks of which it was told. */
const told = new WeakSet<Network>();

/**
 * Says on standard error, once, that the images of a user's own network are prepared as nobody said,
 * which is rarely how it was trained.
 */
export function tellPreprocessing(network: Network, origins: Origins): void {
  const { scale, channelOrder } = network.manifest.input;
  const isAssumed = origins.mean === ASSUMED && origins.std === ASSUMED;
  if (!isAssumed || told.has(network)) return;
  told.add(network);
  console.error(
    `${network.id}: preprocessing without mean and std, in ${channelOrder}, levels times ` +
      `${scale.toPrecision(3)}. If it was trained otherwise, give --mean, --std, --scale`,
  );
}
