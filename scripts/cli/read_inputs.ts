import { z } from "zod";
import { checkInputs } from "../../shared/contract/check_inputs.ts";
import type { Network } from "../../shared/network/network.ts";
import type { Takes, Technique, TechniqueInputs } from "../../shared/contract/technique.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { folderCorpus } from "./folder_corpus.ts";
import { pictureInput, tensorInput } from "./read_input.ts";
import { UsageError } from "./usage_error.ts";

const path = z.string().min(1).optional();

/** The options that give each kind of input. */
const INPUT_OPTIONS = {
  picture: {
    image: path.describe("The picture to look at: JPEG, PNG or WebP."),
    input: path.describe(
      "Instead of a picture: a preprocessed float32 tensor [1, C, H, W] as .npy.",
    ),
  },
  guide: { guide: path.describe("A second picture: JPEG, PNG or WebP.") },
  corpus: { images: path.describe("A folder of pictures, searched with the folders in it.") },
} as const;

/** What the command line says of the inputs. */
export interface InputOptions {
  readonly image?: string;
  readonly input?: string;
  readonly guide?: string;
  readonly images?: string;
}

/** The options for what a technique takes; no others. */
export function inputOptions(takes: Takes): z.ZodRawShape {
  const kinds = Object.keys(takes) as (keyof Takes)[];
  return Object.assign({}, ...kinds.map((kind) => INPUT_OPTIONS[kind]));
}

/** For the usage line: `--image <file> | --input <x.npy>`, optional ones in brackets. */
export function inputUsage(takes: Takes): string {
  const texts: Record<keyof Takes, string> = {
    picture: "(--image <file> | --input <x.npy>)",
    guide: "--guide <file>",
    corpus: "--images <folder>",
  };
  return (Object.keys(takes) as (keyof Takes)[])
    .map((kind) => takes[kind] === "required" ? texts[kind] : `[${texts[kind]}]`)
    .join(" ");
}

/** @throws {UsageError} If a required input is not named, or a picture is named twice. */
export function checkInputOptions({ takes }: Technique, options: InputOptions): void {
  const { image, input, guide, images } = options;
  if (image !== undefined && input !== undefined) {
    throw new UsageError("Cannot run: give either --image or --input");
  }
  if (takes.picture === "required" && image === undefined && input === undefined) {
    throw new UsageError("Cannot run: give either --image or --input");
  }
  if (takes.guide === "required" && guide === undefined) {
    throw new UsageError("Cannot run: give --guide, a second picture");
  }
  if (takes.corpus === "required" && images === undefined) {
    throw new UsageError("Cannot run: give --images, a folder of pictures");
  }
}

/**
 * What the technique looks at.
 *
 * @param tensor The one that `--input` names.
 * @throws {Error} If a file is not there or is not a picture.
 * @throws {RangeError} If a tensor does not fit the network.
 */
export async function readInputs(
  technique: Technique,
  { image, input, guide, images }: InputOptions,
  tensor: Tensor<"float32"> | undefined,
  network: Network,
): Promise<TechniqueInputs> {
  const picture = tensor
    ? tensorInput(tensor, input!, network)
    : image === undefined
    ? undefined
    : await pictureInput(image, network);
  const inputs: TechniqueInputs = {
    ...picture && { picture },
    ...guide !== undefined && { guide: await pictureInput(guide, network) },
    ...images !== undefined && { corpus: await folderCorpus(images, network) },
  };
  checkInputs(technique, inputs);
  return inputs;
}
