import { type Executor, finish, InProcess, schedule } from "../compute/mod.ts";
import type { Network } from "../network/network.ts";
import type {
  Checkpoint,
  Context,
  InputSpec,
  Method,
  MethodInputs,
  MethodResult,
  Progress,
} from "./method.ts";
import { InputError } from "../errors.ts";

/** What an input is called in a message. */
const NAMES: Readonly<Record<keyof InputSpec, string>> = {
  image: "an image",
  guide: "a second image, the guide",
  corpus: "a folder of images",
};

/** Kinds of input, in the order in which they are asked for. */
export const INPUT_KINDS = Object.keys(NAMES) as (keyof InputSpec)[];

/**
 * Makes sure that a method gets what it takes, and nothing that it would silently ignore.
 *
 * @throws {RangeError} If an input is missing or not one that it takes.
 */
export function checkInputs(
  { id, takes }: Method,
  inputs: { readonly [Kind in keyof InputSpec]?: unknown },
): void {
  for (const kind of INPUT_KINDS) {
    const isThere = inputs[kind] !== undefined;
    if (takes[kind] === "required" && !isThere) {
      throw new InputError(`Cannot run ${id}: it needs ${NAMES[kind]}`);
    }
    if (takes[kind] === undefined && isThere) {
      throw new InputError(`Cannot run ${id} on ${NAMES[kind]}: it takes ${namesOf(takes)}`);
    }
  }
}

function namesOf(takes: InputSpec): string {
  const names = INPUT_KINDS.filter((kind) => takes[kind]).map((kind) => NAMES[kind]);
  return names.length === 0 ? "none, only the network" : names.join(" and ");
}

/**
 * What a person should know of the images that a method looks at: "image: it is animated; only its
 * first frame is looked at". The images of a folder are not among them.
 */
export function inputNotes({ image, guide }: Pick<MethodInputs, "image" | "guide">): string[] {
  return Object.entries({ image, guide }).flatMap(([name, input]) =>
    (input?.notes ?? []).map((note) => `${name}: ${note}`)
  );
}

export interface ContextOptions {
  /** Where kernels run. @default in this thread */
  readonly executor?: Executor<Network>;
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint;
}

/** What a method needs to run on an open network. */
export function contextOf(
  network: Network,
  { executor = new InProcess(network), signal, checkpoint }: ContextOptions = {},
): Context {
  return {
    network,
    signal,
    checkpoint,
    map: (kernel, shared, items, options) =>
      schedule(items, executor.lanes({ kernel, shared }), { ...options, signal }),
  };
}

export interface RunMethodOptions extends ContextOptions {
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Runs a method to its end.
 *
 * @throws The signal's reason once it is aborted, before the next step.
 */
export async function runMethod<Options, Inputs extends MethodInputs>(
  method: Method<Options, Inputs>,
  network: Network,
  inputs: Inputs,
  options: Options,
  { onProgress, ...rest }: RunMethodOptions = {},
): Promise<MethodResult> {
  return await finish(method.run(contextOf(network, rest), inputs, options), (progress) => {
    onProgress?.(progress);
    rest.signal?.throwIfAborted();
  });
}
