import { inputNotes } from "../../shared/contract/input_notes.ts";
import { contextOf, runMethod } from "../../shared/contract/run_method.ts";
import { basename, dirname } from "node:path";
import { z } from "zod";
import type { Method, MethodResult } from "../../shared/contract/method.ts";
import type { Network } from "../../shared/network/network.ts";
import { encodeModel, type Model } from "../../shared/onnx/mod.ts";
import { networkWorkers } from "../../shared/methods/network_workers.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { checkWritable } from "./check_writable.ts";
import type { Command } from "./command.ts";
import { runOptions } from "./common_options.ts";
import { fileCheckpoint } from "./file_checkpoint.ts";
import { optionHelp } from "./help.ts";
import { makeFolder } from "./make_folder.ts";
import { NETWORK_WORKER } from "./network_worker.ts";
import { openNetworkFor } from "./open_network_for.ts";
import { parseCommandLine } from "./option_parser.ts";
import { progressReporter } from "./progress_reporter.ts";
import {
  checkInputOptions,
  type InputOptions,
  inputOptions,
  inputUsage,
  readInputs,
} from "./read_inputs.ts";
import { readTensor } from "./read_tensor.ts";
import { measureTable } from "./measure_table.ts";
import { writeAtomically } from "./write_atomically.ts";
import { writeResult } from "./write_result.ts";

/** `cli <method>`: runs it and writes what it finds. */
export async function methodCommand(id: string): Promise<Command> {
  const method = await loadMethod(id);
  return {
    name: id,
    summary: method.summary,
    help: () => Promise.resolve(help(method)),
    run: (args, signal) => run(method, args, signal),
  };
}

function help(method: Method): string {
  const { id, title, summary, paper, options, takes } = method;
  return [
    `${title}. ${summary}`,
    `${paper.authors}: ${paper.title}. ${paper.venue} ${paper.year}. ${paper.url}`,
    `Usage: cli ${id} --model <id or file> ${inputUsage(takes)} [options]`.replace("  ", " "),
    optionHelp("Options of the method", options),
    optionHelp("Options of every method", commonOptions(method)),
  ].join("\n\n");
}

const emitOption = z.string().min(1).optional()
  .describe("Also writes the ONNX model that was run, for use with any other ONNX Runtime.");

/** Every method takes a seed, so that one command line does for all. */
function commonOptions({ options, emit, takes }: Method) {
  const seed = z.int().min(0).optional().describe("No effect: nothing is drawn at random here.");
  return runOptions.extend({
    ...inputOptions(takes),
    ..."seed" in options.shape ? {} : { seed },
    ...emit ? { emit: emitOption } : {},
  });
}

async function run(method: Method, args: readonly string[], signal: AbortSignal) {
  const [options, common] = parseCommandLine(args, method.options, commonOptions(method));
  const named = common as InputOptions;
  checkInputOptions(method, named);
  await checkWritable(common.out);
  if (typeof common.emit === "string") await checkWritable(dirname(common.emit));
  const started = performance.now();
  const tensor = named.input === undefined ? undefined : await readTensor(named.input);
  const { network: opened, source, sha256 } = await openNetworkFor(common, signal, tensor?.dims);
  await using network = opened;
  console.error(`${network.id} on ${network.backend}: ${network.backendReason}`);
  const inputs = await readInputs(method, named, tensor, network);
  if (named.input === undefined && isPlain(common.model, network)) {
    const { scale, channelOrder } = network.manifest.input;
    console.error(
      `${network.id}: preprocessing without mean and std, in ${channelOrder}, levels times ` +
        `${scale.toPrecision(3)}. If it was trained otherwise, give --mean, --std, --scale`,
    );
  }
  const checkpoint = fileCheckpoint(common.out, method.id);
  const progress = progressReporter(method.id);
  await using executor = networkWorkers(network, source, {
    spawn: () => new Worker(NETWORK_WORKER, { type: "module" }),
    threads: common.threads ?? navigator.hardwareConcurrency,
  });
  try {
    const result = await runMethod(method, network, inputs, options, {
      executor,
      signal,
      onProgress: progress.report,
      checkpoint,
    });
    progress.end();
    const seconds = (performance.now() - started) / 1000;
    const description = {
      method: method.id,
      model: { id: network.id, sha256 },
      preprocessing: network.manifest.input,
      backend: network.backend,
      options,
      notes: inputNotes(inputs),
      seconds: Number(seconds.toFixed(3)),
    };
    const target = targetLine(result.measures);
    if (target !== undefined) console.error(target);
    console.error(measureTable(result.measures));
    for (const path of await writeResult(common, result, description)) console.log(path);
    await checkpoint.remove();
    if (typeof common.emit === "string") {
      const model = await method.emit!(contextOf(network, { signal }), inputs, options);
      console.log(await writeModel(common.emit, model));
    }
  } finally {
    progress.end();
  }
}

/** Whether the images of a user's own network enter without a mean and a standard deviation. */
function isPlain(model: string, { manifest: { input } }: Network): boolean {
  return /\.onnx$/i.test(model) && input.mean.every((value) => value === 0) &&
    input.std.every((value) => value === 1);
}

/** What the result is of, since a person may have named it by a part of its label. */
function targetLine({ target, targetIndex }: MethodResult["measures"]): string | undefined {
  if (typeof target === "string") {
    return `target: "${target}"${targetIndex === undefined ? "" : ` (${targetIndex})`}`;
  }
  if (typeof target !== "object" || target === null || !("label" in target)) return undefined;
  return `target: "${target.label}" (${target.index})`;
}

async function writeModel(path: string, model: Model): Promise<string> {
  const folder = dirname(path);
  await makeFolder(folder);
  return await writeAtomically(folder, basename(path), encodeModel(model));
}
