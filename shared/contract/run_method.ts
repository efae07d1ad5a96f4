import { type Executor, finish, InProcess, schedule } from "../compute/mod.ts";
import type { Network } from "../network/network.ts";
import type {
  Checkpoint,
  Context,
  Method,
  MethodInputs,
  MethodResult,
  Progress,
} from "./method.ts";

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
