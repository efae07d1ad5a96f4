import { contextOf } from "../../shared/contract/run_method.ts";
import { basename, dirname } from "node:path";
import { z } from "zod";
import type { Method, MethodResult } from "../../shared/contract/method.ts";
import { encodeModel, type Model } from "../../shared/onnx/mod.ts";
import { networkWorkers } from "../../shared/methods/network_workers.ts";
import { comparedImage } from "../../shared/network/target_syntax.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { checkWritable, makeFolder, writeAtomically } from "./write_files.ts";
import type { Command } from "./command.ts";
import { runOptions } from "./common_options.ts";
import { optionHelp } from "./help.ts";
import { imageList } from "./image_list.ts";
import { reportLeftOut } from "./left_out.ts";
import { NETWORK_WORKER } from "./network_worker.ts";
import { openNetworkFor } from "./open_network_for.ts";
import { parseCommandLine, repeatedOption } from "./option_parser.ts";
import {
  checkInputOptions,
  type InputOptions,
  inputOptions,
  inputUsage,
  readOtherInputs,
} from "./read_inputs.ts";
import { runOnce } from "./run_once.ts";
import { plannedRuns } from "./planned_runs.ts";
import { runSeveral } from "./run_several.ts";
import { UsageError } from "./exit_code.ts";
import { networkSummary } from "../../shared/network/open/network_summary.ts";
import { tellNotes } from "./notes.ts";
import { readTensor } from "./read_file.ts";
import { measureTable } from "./measure_table.ts";

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
    `Usage: cli ${id} --model <id or file> ${inputUsage(takes)} [options]`.replace("  ", " ") +
    ("target" in options.shape ? "\n--target may have several values: a folder for each." : ""),
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
  const { values, rest } = method.takes.image
    ? repeatedOption(args, "image")
    : { values: [], rest: args };
  const targeted = targetsOf(method, rest);
  const [{ options, common }] = targeted;
  const named = withComparedImage(common as InputOptions, options);
  checkInputOptions(method, named);
  const images = await imageList(values);
  const areSeveral = images !== undefined || targeted.length > 1;
  if (areSeveral && common.emit !== undefined) {
    throw new UsageError(
      "Cannot use --emit: it is for one image and one target, and several are given",
    );
  }
  await checkWritable(common.out);
  if (typeof common.emit === "string") await checkWritable(dirname(common.emit));
  const tensor = named.input === undefined ? undefined : await readTensor(named.input);
  const { network: opened, source, sha256, origins } = await openNetworkFor(
    common,
    signal,
    tensor?.dims,
  );
  await using network = opened;
  console.error(`${network.id} on ${network.backend}: ${network.backendReason}`);
  const summary = networkSummary(network, origins);
  tellNotes(network.id, summary.notes);
  const others = await readOtherInputs(named, network, signal);
  await using executor = networkWorkers(network, source, {
    spawn: () => new Worker(NETWORK_WORKER, { type: "module" }),
    threads: common.threads ?? navigator.hardwareConcurrency,
  });
  const { out, raw, theme } = common;
  const setup = { method, options, network, summary, sha256, executor, raw, theme, others, signal };
  if (areSeveral) {
    const runs = plannedRuns(images ?? named.image, targeted);
    return await runSeveral(setup, runs, named, tensor, out);
  }
  const { result, inputs, paths } = await runOnce(setup, named, tensor, out);
  const target = targetLine(result.measures);
  if (target !== undefined) console.error(target);
  console.error(measureTable(result.measures));
  for (const path of paths) console.log(path);
  if (typeof common.emit === "string") {
    const emitted = await method.emit!(contextOf(network, { signal }), inputs, options);
    console.log(await writeModel(common.emit, emitted));
  }
  reportLeftOut(others.leftOut, others.count);
}

/** The options for each target: `--target` may be given several times, and takes several values. */
function targetsOf(method: Method, args: readonly string[]) {
  const parse = (texts: readonly string[]) => {
    const [options, common] = parseCommandLine(texts, method.options, commonOptions(method));
    return { options: options as unknown, common };
  };
  const { values, rest } = "target" in method.options.shape
    ? repeatedOption(args, "target")
    : { values: [], rest: args };
  if (values.length < 2) return [{ target: values[0] ?? "", ...parse(rest) }];
  const compared = values.map(comparedImage);
  if (compared.some((image) => image !== compared[0])) {
    throw new UsageError(
      "Cannot use several values of --target: they are compared with different images, expected one",
    );
  }
  const others = rest.filter((arg) => !arg.startsWith("--target="));
  return [...new Set(values)].map((target) => ({
    target,
    ...parse([...others, `--target=${target}`]),
  }));
}

/** The image that a target names is the second image, where none is given. */
function withComparedImage(common: InputOptions, options: unknown): InputOptions {
  const { target } = options as { readonly target?: unknown };
  const compared = typeof target === "string" ? comparedImage(target) : undefined;
  return { ...common, guide: common.guide ?? compared };
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
