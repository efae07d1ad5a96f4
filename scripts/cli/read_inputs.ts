import { z } from "zod";
import { checkInputs } from "../../shared/contract/run_method.ts";
import type { Network } from "../../shared/network/network.ts";
import type { InputSpec, Method, MethodInputs } from "../../shared/contract/method.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { FORMATS } from "../../shared/image/image_header.ts";
import type { LeftOut } from "./left_out.ts";
import { readableCorpus } from "./readable_corpus.ts";
import { imageInput, tensorInput } from "./read_input.ts";
import { UsageError } from "./exit_code.ts";

const path = z.string().min(1).optional();

/** The options that give each kind of input. */
const INPUT_OPTIONS = {
  image: {
    image: path.describe(
      `The image to look at: one of ${FORMATS}. Several, folders and patterns such as "*.png" ` +
        "make a folder of results for each.",
    ),
    input: path.describe(
      "Instead of an image: a preprocessed float32 tensor [1, C, H, W] as .npy.",
    ),
  },
  guide: { guide: path.describe(`A second image: one of ${FORMATS}.`) },
  corpus: { images: path.describe("A folder of images, searched with the folders in it.") },
} as const;

/** What the command line says of the inputs. */
export interface InputOptions {
  readonly image?: string;
  readonly input?: string;
  readonly guide?: string;
  readonly images?: string;
  readonly "source-side"?: number;
}

/** The options for what a method takes; no others. */
export function inputOptions(takes: InputSpec): z.ZodRawShape {
  const kinds = Object.keys(takes) as (keyof InputSpec)[];
  return Object.assign({}, ...kinds.map((kind) => INPUT_OPTIONS[kind]));
}

/** For the usage line: `--image <file> | --input <x.npy>`, optional ones in brackets. */
export function inputUsage(takes: InputSpec): string {
  const texts: Record<keyof InputSpec, string> = {
    image: "(--image <file or folder>... | --input <x.npy>)",
    guide: "--guide <file>",
    corpus: "--images <folder>",
  };
  return (Object.keys(takes) as (keyof InputSpec)[])
    .map((kind) => takes[kind] === "required" ? texts[kind] : `[${texts[kind]}]`)
    .join(" ");
}

/** @throws {UsageError} If a required input is not named, or an image is named twice. */
export function checkInputOptions({ takes }: Method, options: InputOptions): void {
  const { image, input, guide, images } = options;
  if (image !== undefined && input !== undefined) {
    throw new UsageError("Cannot run: give either --image or --input");
  }
  if (takes.image === "required" && image === undefined && input === undefined) {
    throw new UsageError("Cannot run: give either --image or --input");
  }
  if (takes.guide === "required" && guide === undefined) {
    throw new UsageError("Cannot run: give --guide, a second image");
  }
  if (takes.corpus === "required" && images === undefined) {
    throw new UsageError("Cannot run: give --images, a folder of images");
  }
}

/** Inputs beside the image, and what of them could not be read. */
export interface OtherInputs {
  readonly inputs: Pick<MethodInputs, "guide" | "corpus">;
  readonly leftOut: readonly LeftOut[];
  /** Images of the folder, those that are left out included. */
  readonly count: number;
}

/**
 * What the method looks at beside the image.
 *
 * @throws {Error} If the guide is not an image, or none of the folder's files is one.
 */
export async function readOtherInputs(
  { guide, images, "source-side": side }: InputOptions,
  network: Network,
  signal: AbortSignal,
): Promise<OtherInputs> {
  const second = guide === undefined ? {} : { guide: await imageInput(guide, network, side) };
  if (images === undefined) return { inputs: second, leftOut: [], count: 0 };
  const { corpus, leftOut, count } = await readableCorpus(images, network, signal);
  return { inputs: { ...second, corpus }, leftOut, count };
}

/**
 * All that the method looks at.
 *
 * @param tensor The one that `--input` names.
 * @throws {Error} If the image's file is not there or is not an image.
 * @throws {RangeError} If a tensor does not fit the network.
 */
export async function readInputs(
  method: Method,
  { image: path, input, "source-side": side }: InputOptions,
  tensor: Tensor<"float32"> | undefined,
  { inputs: others }: OtherInputs,
  network: Network,
): Promise<MethodInputs> {
  const image = tensor
    ? tensorInput(tensor, input!, network)
    : path === undefined
    ? undefined
    : await imageInput(path, network, side);
  const inputs: MethodInputs = { ...others, ...image && { image } };
  checkInputs(method, inputs);
  return inputs;
}
