import { openModel } from "../../models/catalogue.ts";
import { fitted } from "../../shared/models/fit.ts";
import { type Network, type NetworkSource, openNetwork } from "../../shared/network/network.ts";
import type { ModelOptions } from "./common_options.ts";
import type { ManifestInput } from "../../shared/models/manifest.ts";
import { openAtSize } from "../../shared/network/at_size.ts";
import { UsageError } from "./usage_error.ts";

export interface OpenedNetwork {
  readonly network: Network;
  /** What it was opened from. */
  readonly source: NetworkSource;
  /** Of its file. */
  readonly sha256: string;
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
  const { model, backend, size, scale } = options;
  const isFile = /\.onnx$/i.test(model);
  const said = Object.entries({
    ...isFile && { height: size, width: size },
    scale,
    mean: numbers(options.mean),
    std: numbers(options.std),
    channelOrder: options["channel-order"],
  }).filter(([, value]) => value !== undefined);
  if (said.length > 0 && !isFile) {
    throw new UsageError(
      `Cannot prepare images for ${model} as asked: its manifest says how; --mean, --std, ` +
        "--scale and --channel-order are for the path of an .onnx file",
    );
  }
  // Without an option, a manifest beside the file counts.
  const input = said.length === 0 ? undefined : Object.fromEntries(said);
  const openSize = dims.length === 4 ? { height: dims[2], width: dims[3] } : undefined;
  const opened = await openModel(model, { input, openSize });
  const fit = (input: ManifestInput) => fitted(input, options);
  if (!isFile && size !== undefined) {
    return { ...await openAtSize(opened, size, fit, { backend, signal }), sha256: opened.sha256 };
  }
  const described = {
    ...opened,
    manifest: { ...opened.manifest, input: fit(opened.manifest.input) },
  };
  const network = await openNetwork(described, { backend, signal });
  return { network, source: described, sha256: opened.sha256 };
}

const numbers = (list: string | undefined) => list?.split(",").map(Number);
