import type { Network } from "../../shared/network/network.ts";

/** Networks of which it was told. */
const told = new WeakSet<Network>();

/**
 * Says on standard error, once, that the images of a user's own network are prepared without a mean
 * and a standard deviation, which is rarely how it was trained.
 *
 * @param model Its id, or the path of its file.
 */
export function tellPreprocessing(model: string, network: Network): void {
  const { scale, channelOrder, mean, std } = network.manifest.input;
  const isPlain = /\.onnx$/i.test(model) && mean.every((value) => value === 0) &&
    std.every((value) => value === 1);
  if (!isPlain || told.has(network)) return;
  told.add(network);
  console.error(
    `${network.id}: preprocessing without mean and std, in ${channelOrder}, levels times ` +
      `${scale.toPrecision(3)}. If it was trained otherwise, give --mean, --std, --scale`,
  );
}
