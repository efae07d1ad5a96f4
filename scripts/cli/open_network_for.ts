import { findModel, openModel } from "../../models/mod.ts";
import { labelsFile } from "../../models/local_model.ts";
import type { Network, NetworkSource } from "../../shared/network/network.ts";
import type { Origins } from "../../shared/network/open/describe_file.ts";
import {
  openAsked,
  SettledInputError,
  statedInput,
} from "../../shared/network/open/open_options.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { FEED_SEPARATOR, type ModelOptions } from "./common_options.ts";
import { readArray } from "./read_file.ts";
import { UsageError } from "./exit_code.ts";

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
  const { model, backend } = options;
  const isListed = findModel(model) !== undefined;
  const input = inputFor(options, isListed);
  const openSize = dims.length === 4 ? { height: dims[2], width: dims[3] } : undefined;
  const feeds = await readFeeds(options.feed);
  const labels = options.labels === undefined ? undefined : await labelsFile(options.labels);
  const described = await openModel(model, { input, labels, feeds, openSize });
  const opened = await openAsked(described, options, isListed, { backend, signal });
  return { ...opened, sha256: described.sha256 };
}

function inputFor(options: ModelOptions, isListed: boolean) {
  try {
    return statedInput(options.model, options, isListed);
  } catch (error) {
    if (error instanceof SettledInputError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

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
