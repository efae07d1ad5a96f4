import { takeOptions } from "../shared/contract/parse_options.ts";
import { LABELS_FIELD, openingSchema } from "../shared/api/schemas/mod.ts";
import { OPTIONS, statedLabels, type Statement } from "../shared/network/open/describe_file.ts";
import type { OpenOptions } from "../shared/network/open/open_options.ts";
import { decodeNpy } from "../shared/tensor/npy.ts";
import type { Tensor } from "../shared/tensor/tensor.ts";
import type { OpenRequest } from "./catalogue.ts";
import { ProblemError } from "./problems.ts";

/** What a form says of how a network is opened, in files. */
export interface OpeningFiles {
  /** Labels, one a line or JSON. */
  readonly labels?: string;
  /** .npy files, by the inputs that they are fed to. */
  readonly feeds?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
}

/** Pixels on a side of an input that a client may ask for: opening a network runs it. */
const MOST_SIDE = 1024;

/**
 * Takes what is said of how the network is opened out of a form.
 *
 * @returns The request, undefined where nothing is said; and the other fields.
 * @throws {OptionError} If an option is not valid.
 * @throws {ProblemError} 413 or 422 if the network would be too large, or a file is no .npy.
 * @throws {SyntaxError} If the labels are none.
 */
export function readOpening(
  fields: Readonly<Record<string, string>>,
  { labels, feeds = {} }: OpeningFiles = {},
): [request: OpenRequest | undefined, others: Record<string, string>] {
  const [parsed, others] = takeOptions<OpenOptions>(openingSchema, fields);
  checkSides(parsed);
  const options = Object.fromEntries(
    Object.entries(parsed).filter(([, value]) => value !== undefined),
  );
  const tensors = Object.entries(feeds).map(([name, bytes]) => [name, readNpy(name, bytes)]);
  const isDefault = Object.keys(options).length === 0 && labels === undefined &&
    tensors.length === 0;
  if (isDefault) return [undefined, others];
  const stated = labels === undefined ? undefined : readLabels(labels);
  return [{ options, ...stated && { labels: stated }, feeds: Object.fromEntries(tensors) }, others];
}

function checkSides(options: OpenOptions): void {
  for (const name of ["height", "width", "size"] as const) {
    const side = options[name];
    if (side === undefined || side <= MOST_SIDE) continue;
    throw new ProblemError(
      "too-large",
      `Cannot open the network with ${name} ${side}: at most ${MOST_SIDE} pixels are allowed here; ` +
        "the command line and your own browser take more",
    );
  }
}

function readNpy(name: string, bytes: Uint8Array<ArrayBuffer>): Tensor {
  try {
    return decodeNpy(bytes);
  } catch (cause) {
    throw new ProblemError(
      "invalid-options",
      `Cannot feed the input "${name}": ${(cause as Error).message}`,
      { cause },
    );
  }
}

function readLabels(text: string): Statement {
  try {
    return { ...statedLabels(text, `the field "${LABELS_FIELD}"`), by: OPTIONS };
  } catch (cause) {
    throw new ProblemError("invalid-options", (cause as Error).message, { cause });
  }
}
