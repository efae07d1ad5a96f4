import { findModel, openModel } from "../../models/catalogue.ts";
import { fitted } from "../../shared/models/fit.ts";
import { type Network, type NetworkSource, openNetwork } from "../../shared/network/network.ts";
import { OPTIONS, type Origins } from "../../shared/network/open/describe_file.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { FEED_SEPARATOR, type ModelOptions } from "./common_options.ts";
import { readArray } from "./read_tensor.ts";
import type { ManifestInput, StatedInput } from "../../shared/models/manifest.ts";
import { openAtSize } from "../../shared/network/at_size.ts";
import { UsageError } from "./usage_error.ts";

export interface OpenedNetwork {
  readonly network: Network;
  /** What it was opened from. */
  readonly source: NetworkSource;
  /** Of its file. */
  readonly sha256: string;
  /** By field of its preprocessing: who said it. */
  readonly origins: Origins;
}

/**
 * The network that the options name, prepared for as they say.
 *
 * @throws {UsageError} If they say the preprocessing of a network whose manifest says it.
 * @param dims Shape of the tensor it will be fed; decides where its input's size is open.
 */
export async function openNetworkFor(
  options: ModelOptions,
  signal: AbortSignal,
  dims: readonly number[] = [],
): Promise<OpenedNetwork> {
  const { model, backend, size, labels } = options;
  const isListed = findModel(model) !== undefined;
  const input = statedInput(options, isListed);
  const openSize = dims.length === 4 ? { height: dims[2], width: dims[3] } : undefined;
  const feeds = await readFeeds(options.feed);
  const opened = await openModel(model, { input, labels, feeds, openSize });
  const { sha256 } = opened;
  const isFitted = options.fit !== undefined || options["short-side"] !== undefined;
  const origins = { ...opened.origins, ...isFitted && { resize: OPTIONS } };
  const fit = (input: ManifestInput) => fitted(input, options);
  const { scores } = options;
  const outputs = scores === undefined ? opened.manifest.outputs : { scores };
  const chosen = { ...opened, manifest: { ...opened.manifest, outputs } };
  if (isListed && size !== undefined) {
    const resized = await openAtSize(chosen, size, fit, { backend, signal });
    return { ...resized, sha256, origins: { ...origins, height: OPTIONS, width: OPTIONS } };
  }
  const described = {
    ...chosen,
    manifest: { ...chosen.manifest, input: fit(chosen.manifest.input) },
  };
  const network = await openNetwork(described, { backend, signal });
  return { network, source: described, sha256, origins };
}

/** What the options say of the input; undefined where they say nothing. */
function statedInput(options: ModelOptions, isListed: boolean): StatedInput | undefined {
  const { model, size, scale, layout } = options;
  const input: StatedInput = Object.fromEntries(
    Object.entries({
      ...!isListed && { height: options.height ?? size, width: options.width ?? size },
      ...{ scale, layout, name: options["image-input"] },
      mean: numbers(options.mean),
      std: numbers(options.std),
      channelOrder: options["channel-order"],
    }).filter(([, value]) => value !== undefined),
  );
  const said = Object.keys(input).length > 0 || isListed &&
      [options.height, options.width].some((side) => side !== undefined);
  if (said && isListed) {
    throw new UsageError(
      `Cannot prepare images for ${model} as asked: its manifest says how; --mean, --std, ` +
        "--scale, --channel-order, --layout, --height and --width are for networks that it does " +
        "not list, such as the path of an .onnx file",
    );
  }
  return said ? input : undefined;
}

const numbers = (list: string | undefined) => list?.split(",").map(Number);

/** Tensors by the inputs that they are fed to, from "name=file.npy", several of them by commas. */
async function readFeeds(feeds: string | undefined): Promise<Record<string, Tensor>> {
  const read: Record<string, Tensor> = {};
  for (const feed of feeds?.split(FEED_SEPARATOR) ?? []) {
    const [, name, path] = /^(.+?)=(.+)$/.exec(feed) ?? [];
    if (name === undefined) {
      throw new UsageError(`Cannot use --feed ${feed}: expected <input>=<file.npy>`);
    }
    read[name] = await readArray(path);
  }
  return read;
}
