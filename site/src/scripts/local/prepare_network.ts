import { hubParts } from "../../../../shared/models/hub_config.ts";
import { CHANNELS, type Manifest } from "../../../../shared/models/manifest.ts";
import { manifestFor, userManifest } from "../../../../shared/models/manifest_for.ts";
import {
  declaredDims,
  decodeModel,
  encodeModel,
  externalFiles,
  GraphIndex,
  loadExternalData,
  type Model,
} from "../../../../shared/onnx/mod.ts";
import { prepareModel } from "../../../../shared/network/open/prepare_model.ts";
import { OpenError } from "./open_error.ts";
import type { Answers, Question } from "./opened_file.ts";
import { forPlanes, type Levels, PRESETS } from "./presets.ts";
import type { SortedFiles } from "./sort_files.ts";
import { statedInFile } from "./stated_in_file.ts";

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
  const stated = statedInFile(model);
  const { manifest, labels, questions } = described(files, model, stated.levels, answers);
  const named = files.labels ?? labels ??
    (stated.labels && { name: "the file's metadata", list: stated.labels });
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

type Described = Pick<PreparedNetwork, "manifest" | "labels" | "questions">;

function described(
  files: SortedFiles,
  model: Model,
  stated: Levels | undefined,
  answers: Answers,
): Described {
  const { name } = files.network;
  try {
    if (files.stated) {
      const { name: source, value } = files.stated;
      return { manifest: userManifest(value, name, source), questions: [] };
    }
    if (files.preprocessor !== undefined) {
      const parts = hubParts(files.config ?? {}, files.preprocessor);
      const { input, outputs, labels } = parts;
      return {
        manifest: userManifest({ input, ...outputs && { outputs } }, name, `for ${name}`),
        labels: labels && { name: "config.json", list: labels },
        questions: [],
      };
    }
    return asked(name, model, stated, answers);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new OpenError("wrong-preprocessing", cause.message, [], { cause });
  }
}

/** The shape of the input counts, then answers; what neither says is assumed, and asked. */
function asked(
  name: string,
  model: Model,
  stated: Levels | undefined,
  { preprocessing, size }: Answers,
): Described {
  const [input] = new GraphIndex(model.graph).inputs;
  const { graph } = prepareModel(model).model;
  const image = graph.input.find((info) => info.name === input);
  const [, planes, height, width] = ((image && declaredDims(image)) ?? [])
    .map((dim) => typeof dim === "number" && dim > 0 ? dim : undefined);
  const presets = PRESETS.map((preset) => forPlanes(preset, planes ?? CHANNELS.RGB));
  const chosen = typeof preprocessing === "object"
    ? preprocessing
    : presets.find(({ id }) => id === preprocessing) ?? stated;
  if (typeof preprocessing === "string" && !presets.some(({ id }) => id === preprocessing)) {
    throw new OpenError(
      "wrong-preprocessing",
      `Cannot prepare images as "${preprocessing}"; there are ${
        presets.map(({ id }) => id).join(", ")
      }`,
    );
  }
  const questions: Question[] = [];
  if (!chosen) {
    questions.push({
      name: "preprocessing",
      text: "How were images prepared when the network was trained?",
      presets,
      assumed: presets[0].id,
    });
  }
  const open = height ?? width;
  if (open === undefined && size === undefined) {
    questions.push({
      name: "size",
      text: "How many pixels wide and high are the images that the network takes?",
      presets: SIDES,
      assumed: SIDES[0],
    });
  }
  const side = size ?? SIDES[0];
  const { channelOrder, scale, mean, std } = chosen ?? presets[0];
  const manifest = manifestFor({
    path: name,
    height: height ?? width ?? side,
    width: width ?? height ?? side,
    ...{ channelOrder, scale, mean, std },
  });
  return { manifest, questions };
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
