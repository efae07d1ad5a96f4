import type { Executor } from "../../shared/compute/mod.ts";
import { inputNotes, runMethod } from "../../shared/contract/run_method.ts";
import type { Method, MethodInputs, MethodResult } from "../../shared/contract/method.ts";
import type { ThemeName } from "../../shared/figure/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import type { NetworkSummary } from "../../shared/network/open/network_summary.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { fileCheckpoint } from "./file_checkpoint.ts";
import { progressReporter } from "./progress_reporter.ts";
import { type InputOptions, type OtherInputs, readInputs } from "./read_inputs.ts";
import { tellPreprocessing } from "./notes.ts";
import { writeResult } from "./write_result.ts";

/** What is the same for each image that a command line names. */
export interface RunSetup {
  readonly method: Method;
  /** Of the method; validated. */
  readonly options: unknown;
  readonly network: Network;
  /** What was settled when it was opened. */
  readonly summary: NetworkSummary;
  /** Of the network's file. */
  readonly sha256: string;
  readonly executor: Executor<Network>;
  /** Whether arrays are written. */
  readonly raw: boolean;
  /** Of the figures. */
  readonly theme: ThemeName;
  readonly others: OtherInputs;
  readonly signal: AbortSignal;
}

export interface RunDone {
  readonly inputs: MethodInputs;
  readonly result: MethodResult;
  readonly seconds: number;
  /** Of what was written. */
  readonly paths: readonly string[];
}

/**
 * Runs a method on one image, or on none, and writes what it finds into a folder.
 *
 * @param tensor The one that `--input` names.
 */
export async function runOnce(
  { method, options, network, summary, sha256, executor, raw, theme, others, signal }: RunSetup,
  named: InputOptions,
  tensor: Tensor<"float32"> | undefined,
  out: string,
): Promise<RunDone> {
  const started = performance.now();
  const inputs = await readInputs(method, named, tensor, others, network);
  if (!tensor) tellPreprocessing(network, summary.origins);
  const checkpoint = fileCheckpoint(out, method.id);
  const progress = progressReporter(method.id);
  try {
    const result = await runMethod(method, network, inputs, options, {
      executor,
      signal,
      onProgress: progress.report,
      checkpoint,
    });
    progress.end();
    const seconds = Number(((performance.now() - started) / 1000).toFixed(3));
    const paths = await writeResult({ out, raw, theme }, result, {
      method: method.id,
      model: { id: network.id, sha256 },
      ...named.image !== undefined && { image: named.image },
      preprocessing: network.manifest.input,
      network: summary,
      backend: network.backend,
      options,
      notes: inputNotes(inputs),
      ...others.leftOut.length > 0 && { leftOut: others.leftOut },
      seconds,
    });
    await checkpoint.remove();
    return { inputs, result, seconds, paths };
  } finally {
    progress.end();
  }
}
