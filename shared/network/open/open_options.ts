import { z } from "zod";
import { InputError } from "../../errors.ts";
import { fitOptions, fitted } from "../../models/fit.ts";
import type { ManifestInput, StatedInput } from "../../models/manifest.ts";
import { LAYOUTS } from "../../onnx/rewrite/image_axes.ts";
import { openAtSize } from "../at_size.ts";
import type { Network } from "../network.ts";
import { openNetwork, type OpenNetworkOptions } from "../open_network.ts";
import type { NetworkSource } from "../network_source.ts";
import { OPTIONS, type Origins } from "./describe_file.ts";

/** A list of numbers, one per channel, separated by commas. */
const perChannel = z.string().regex(
  /^-?\d*\.?\d+(e-?\d+)?(,-?\d*\.?\d+(e-?\d+)?)*$/i,
  "expected numbers separated by commas",
).optional();

/** Each overrules a part of what is found when a network is opened. */
export const openOptions = z.object({
  height: z.int().min(1).max(4096).optional()
    .describe("For a network that no manifest lists: height of the input, where it is open.")
    .meta({ unit: "pixels" }),
  width: z.int().min(1).max(4096).optional()
    .describe("For a network that no manifest lists: width of the input, where it is open.")
    .meta({ unit: "pixels" }),
  size: z.int().min(1).max(4096).optional()
    .describe(
      "Side of the input. For an .onnx file whose input is open, or for a network that pools over " +
        "all positions before it classifies.",
    )
    .meta({ unit: "pixels" }),
  mean: perChannel
    .describe("For a network that no manifest lists: mean of each channel, as 0.485,0.456,0.406."),
  std: perChannel
    .describe("For a network that no manifest lists: standard deviation of each channel."),
  scale: z.number().optional()
    .describe(
      "For a network that no manifest lists: factor on the levels 0 to 255 before mean and std, as 0.00392.",
    ),
  "channel-order": z.enum(["RGB", "BGR", "GRAY"]).optional()
    .describe("For a network that no manifest lists: order of the input's channels."),
  layout: z.enum(LAYOUTS).optional()
    .describe(
      "For a network that no manifest lists: order of the axes of its input in the file. Found " +
        "by its first layer by default.",
    ),
  labels: z.string().min(1).optional()
    .describe("A file with the names of the classes: one a line, or JSON."),
  scores: z.string().min(1).optional()
    .describe("The tensor to read class scores from, before or behind the softmax."),
  feed: z.string().min(1).optional()
    .describe("For a network of several inputs: <input>=<file.npy>. May be given several times."),
  "image-input": z.string().min(1).optional()
    .describe("For a network of several inputs: the name of the one that the image goes into."),
  ...fitOptions.shape,
});

/** Those whose values are files. */
export const FILE_OPTIONS = { labels: true, feed: true } as const;

export type OpenOptions = Partial<z.infer<typeof openOptions>>;

/** The preprocessing of a network whose manifest says it was asked for otherwise. */
export class SettledInputError extends InputError {
  override readonly name = "SettledInputError";
}

/** The options that say how an image becomes the input; a manifest has said that already. */
const OF_INPUT = [
  ...["mean", "std", "scale", "channel-order", "layout", "height", "width", "image-input"],
] as const satisfies readonly (keyof OpenOptions)[];

/**
 * What the options say of the input; undefined where they say nothing.
 *
 * @param isListed Whether a manifest says how images become the input.
 * @throws {SettledInputError} If it does, and the options say something else.
 */
export function statedInput(
  id: string,
  options: OpenOptions,
  isListed: boolean,
): StatedInput | undefined {
  if (isListed) {
    if (OF_INPUT.every((name) => options[name] === undefined)) return undefined;
    throw new SettledInputError(
      `Cannot prepare images for ${id} as asked: its manifest says how; ${
        OF_INPUT.join(", ")
      } are ` +
        "for networks that it does not list, such as the path of an .onnx file",
    );
  }
  const { size, scale, layout, height = size, width = size } = options;
  const input: StatedInput = Object.fromEntries(
    Object.entries({
      ...{ height, width, scale, layout, name: options["image-input"] },
      mean: numbers(options.mean),
      std: numbers(options.std),
      channelOrder: options["channel-order"],
    }).filter(([, value]) => value !== undefined),
  );
  return Object.keys(input).length > 0 ? input : undefined;
}

const numbers = (list: string | undefined) => list?.split(",").map(Number);

/** A network that is open, and what it was opened from. */
export interface Opened<Source extends NetworkSource> {
  readonly network: Network;
  readonly source: Source;
  /** By field of its preprocessing: who said it. */
  readonly origins: Origins;
}

/**
 * Opens a network with the scores, the size and the fit that the options ask for.
 *
 * @param described The network, with what `statedInput` says of it.
 * @throws {InputError} If it cannot be run at that size, or the fit is none.
 */
export async function openAsked<Source extends NetworkSource>(
  described: Source & { readonly origins: Origins },
  options: OpenOptions,
  isListed: boolean,
  how: OpenNetworkOptions = {},
): Promise<Opened<Source>> {
  const { scores, size } = options;
  const isFitted = options.fit !== undefined || options["short-side"] !== undefined;
  const origins = { ...described.origins, ...isFitted && { resize: OPTIONS } };
  const { manifest } = described;
  const outputs = scores === undefined ? manifest.outputs : { scores };
  const chosen = { ...described, manifest: { ...manifest, outputs } };
  const fit = (input: ManifestInput) => fitted(input, options);
  if (isListed && size !== undefined) {
    const resized = await openAtSize<Source>(chosen, size, fit, how);
    return { ...resized, origins: { ...origins, height: OPTIONS, width: OPTIONS } };
  }
  const source = { ...chosen, manifest: { ...chosen.manifest, input: fit(manifest.input) } };
  return { network: await openNetwork(source, how), source, origins };
}
