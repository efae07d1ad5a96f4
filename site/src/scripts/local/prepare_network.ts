import { hubParts } from "../../../../shared/models/hub_config.ts";
import { CHANNELS, type Manifest } from "../../../../shared/models/manifest.ts";
import {
  declaredDims,
  decodeModel,
  encodeModel,
  externalFiles,
  loadExternalData,
  type Model,
} from "../../../../shared/onnx/mod.ts";
import {
  ASSUMED,
  describeFile,
  type Origins,
  statedManifest,
  type Statement,
} from "../../../../shared/network/open/describe_file.ts";
import { imageName } from "../../../../shared/network/open/feed_inputs.ts";
import { prepareModel } from "../../../../shared/network/open/prepare_model.ts";
import { OpenError } from "./open_error.ts";
import type { Answers, Question } from "./opened_file.ts";
import { forPlanes, type Preset, PRESETS } from "../../../../shared/models/presets.ts";
import type { SortedFiles } from "./sort_files.ts";

/** A network's file with all that is said about it. */
export interface PreparedNetwork {
  /** With all weights inside. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly manifest: Manifest;
  readonly labels?: { readonly name: string; readonly list: readonly string[] };
  readonly questions: readonly Question[];
}

const SIDES = [224, 256, 299, 384, 512];

/**
 * Puts a network together from its files. What is said about it counts in this order: answers, a
 * manifest, the hub's configuration, the file's own metadata; the rest becomes questions.
 *
 * @param bytes The .onnx file.
 * @throws {OpenError} If it is no network, or data that it names are missing.
 */
export async function prepareNetwork(
  files: SortedFiles,
  bytes: Uint8Array<ArrayBuffer>,
  answers: Answers,
): Promise<PreparedNetwork> {
  const { name } = files.network;
  const model = decoded(bytes, name);
  const { manifest, labels, questions } = described(files, model, answers);
  const named = files.labels ?? labels;
  return { bytes: await withData(files, model, bytes), manifest, labels: named, questions };
}

function decoded(bytes: Uint8Array, name: string): Model {
  try {
    return decodeModel(bytes);
  } catch (cause) {
    const why = (cause as Error).message.replace(/^Cannot \w+ [^:]*: /, "");
    throw new OpenError("not-a-network", `Cannot open ${name}: ${why}`, [], { cause });
  }
}

/** What declares more is no image. */
const MOST_PLANES = 1024;

type Described = Pick<PreparedNetwork, "manifest" | "labels" | "questions">;

/** What is said counts in order; what nobody says is assumed, and asked. */
function described(files: SortedFiles, model: Model, answers: Answers): Described {
  const { name } = files.network;
  const { graph } = prepareModel(model).model;
  const info = graph.input.find((value) => value.name === imageName(model));
  const declared = info && declaredDims(info)?.[1];
  const isCount = typeof declared === "number" && declared > 0 && declared <= MOST_PLANES;
  const planes = isCount ? declared : CHANNELS.RGB;
  const presets = PRESETS.map((preset) => forPlanes(preset, planes));
  const side = answers.size ?? SIDES[0];
  const size = { height: side, width: side };
  try {
    const said = [...answered(answers, presets), ...statedIn(files)];
    const { manifest, labels, origins } = describeFile(name, model, said, size);
    return {
      manifest,
      labels: labels && { name: origins.labels!, list: labels },
      questions: questionsOf(origins, answers, presets),
    };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new OpenError("wrong-preprocessing", cause.message, [], { cause });
  }
}

/** What the files beside the network say. */
function statedIn({ stated, config, preprocessor }: SortedFiles): Statement[] {
  if (stated) return [statedManifest(stated.value, stated.name)];
  if (config === undefined && preprocessor === undefined) return [];
  const { input, outputs, labels } = hubParts(config ?? {}, preprocessor);
  return [
    { by: "config.json", ...labels && { labels }, ...outputs && { rest: { outputs } } },
    ...input ? [{ by: "preprocessor_config.json", input }] : [],
  ];
}

function answered({ preprocessing }: Answers, presets: readonly Preset[]): Statement[] {
  if (preprocessing === undefined) return [];
  const chosen = typeof preprocessing === "object"
    ? preprocessing
    : presets.find(({ id }) => id === preprocessing);
  if (!chosen) {
    throw new OpenError(
      "wrong-preprocessing",
      `Cannot prepare images as "${preprocessing}"; there are ${
        presets.map(({ id }) => id).join(", ")
      }`,
    );
  }
  const { channelOrder, scale, mean, std } = chosen;
  return [{ by: "the answers", input: { channelOrder, scale, mean: [...mean], std: [...std] } }];
}

function questionsOf(
  { mean, height, width }: Origins,
  answers: Answers,
  presets: readonly Preset[],
): Question[] {
  const questions: Question[] = [];
  if (mean === ASSUMED) {
    questions.push({
      name: "preprocessing",
      text: "How were images prepared when the network was trained?",
      presets,
      assumed: presets[0].id,
    });
  }
  if (height === ASSUMED && width === ASSUMED && answers.size === undefined) {
    questions.push({
      name: "size",
      text: "How many pixels wide and high are the images that the network takes?",
      presets: SIDES,
      assumed: SIDES[0],
    });
  }
  return questions;
}

/** The network with the data that lie in other files, whatever folder they were dropped with. */
async function withData(
  { network, others }: SortedFiles,
  model: Model,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const names = externalFiles(model);
  if (names.length === 0) return bytes;
  const found = new Map<string, Blob>();
  for (const name of names) {
    const same = (other: string) => base(other) === base(name);
    const file = others.find((other) => `/${other.name}`.endsWith(`/${name}`)) ??
      others.find((other) => same(other.name));
    if (file) found.set(name, file.file);
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new OpenError(
      "missing-external-data",
      `Cannot open ${network.name}: its weights lie in ${listed(missing)}, which ` +
        `${missing.length === 1 ? "is" : "are"} not here; give ` +
        `${missing.length === 1 ? "it" : "them"} with the network`,
      missing,
    );
  }
  const data = new Map<string, Uint8Array>();
  for (const [name, file] of found) data.set(name, new Uint8Array(await file.arrayBuffer()));
  try {
    return encodeModel(loadExternalData(model, data));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new OpenError("missing-external-data", `Cannot open ${network.name}: ${why}`, [], {
      cause,
    });
  }
}

const MOST_NAMES = 4;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

const base = (path: string) => path.split("/").at(-1)!;
