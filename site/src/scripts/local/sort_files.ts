import { OpenError } from "./open_error.ts";
import { labelsOfJson, labelsOfLines } from "../../../../shared/models/labels_text.ts";
import type { NamedFile } from "./unpack_files.ts";

/** What the files that were dropped are. */
export interface SortedFiles {
  readonly network: NamedFile;
  readonly labels?: { readonly name: string; readonly list: readonly string[] };
  /** A manifest, of which only `input` has to be there. */
  readonly stated?: { readonly name: string; readonly value: unknown };
  /** `config.json` and `preprocessor_config.json` of a repository on the hub. */
  readonly config?: unknown;
  readonly preprocessor?: unknown;
  /** Any other file; the network may name some of them. */
  readonly others: readonly NamedFile[];
  /** Texts that say something, by name. */
  readonly beside: readonly (readonly [name: string, text: string])[];
}

/** Formats of networks that have to be exported first, and how. */
const FOREIGN: readonly (readonly [ending: RegExp, format: string, remedy: string])[] = [
  [/\.(?:pt|pth|ckpt|bin)$/i, "PyTorch", "export it with torch.onnx.export"],
  [/\.safetensors$/i, "weights alone", "export the model with optimum-cli export onnx"],
  [/\.(?:h5|keras|pb)$/i, "TensorFlow", "convert it with tf2onnx"],
  [/\.tflite$/i, "TensorFlow Lite", "convert it with tf2onnx --tflite"],
  [/\.(?:caffemodel|prototxt)$/i, "Caffe", "convert it to ONNX first"],
  [/\.(?:mlmodel|mlpackage)$/i, "Core ML", "convert it with coremltools to ONNX"],
];

/** A text longer than this is no list of labels. */
const MAX_TEXT = 8 * 2 ** 20;

/** Texts that lie beside networks and are no lists of anything that is meant here. */
const OTHER_TEXT = /readme|licen[cs]e|notice|requirements|changelog|copying/i;

const LABELS_NAME = /label|class|synset|categor|names/i;

/**
 * Tells by endings and contents which file is what, in whatever order they come.
 *
 * @throws {OpenError} If there is not exactly one network.
 */
export async function sortFiles(files: readonly NamedFile[]): Promise<SortedFiles> {
  const networks = files.filter(({ name }) => /\.onnx$/i.test(name));
  if (networks.length > 1) {
    throw new OpenError(
      "several-networks",
      `Cannot tell which network to open: there are ${
        networks.map(({ name }) => name).join(", ")
      }; give one at a time`,
    );
  }
  const [network] = networks;
  if (!network) throw noNetwork(files);
  const sorted: { -readonly [Key in keyof SortedFiles]: SortedFiles[Key] } = {
    network,
    others: files.filter((file) => file !== network),
    beside: [],
  };
  const lists: { name: string; list: string[]; text: string }[] = [];
  const keep = (name: string, text: string) => sorted.beside = [...sorted.beside, [name, text]];
  for (const { name, file } of sorted.others) {
    if (!/\.(?:json|txt|names)$/i.test(name) || file.size > MAX_TEXT) continue;
    if (OTHER_TEXT.test(name)) continue;
    const text = await file.text();
    if (!/\.json$/i.test(name)) {
      lists.push({ name, list: labelsOfLines(text), text });
      continue;
    }
    const value = jsonOf(text, name);
    const fields = Object(value) as Record<string, unknown>;
    const list = listOf(value, name);
    if (list) lists.push({ name, list, text });
    else if ("input" in fields) sorted.stated = { name, value };
    else if (["image_mean", "do_resize", "do_normalize", "size"].some((key) => key in fields)) {
      sorted.preprocessor = value;
    } else if ("id2label" in fields || "model_type" in fields) sorted.config = value;
    else continue;
    if (!list) keep(name, text);
  }
  const named = lists.filter(({ name }) => LABELS_NAME.test(name));
  const [labels] = named.length > 0 ? named : lists;
  if (labels) {
    sorted.labels = labels;
    keep(labels.name, labels.text);
  }
  return sorted;
}

/** The labels that JSON holds, if any. */
function listOf(value: unknown, name: string): string[] | undefined {
  try {
    return labelsOfJson(value, name);
  } catch (cause) {
    throw new OpenError("wrong-labels", (cause as Error).message, [], { cause });
  }
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new OpenError(
      "wrong-preprocessing",
      `Cannot read ${name}: it is not JSON (${(cause as Error).message})`,
      [],
      { cause },
    );
  }
}

function noNetwork(files: readonly NamedFile[]): OpenError {
  for (const { name } of files) {
    const foreign = FOREIGN.find(([ending]) => ending.test(name));
    if (foreign) {
      const [, format, remedy] = foreign;
      return new OpenError(
        "no-network",
        `Cannot open ${name}: it is ${format}, expected an .onnx file; ${remedy}`,
      );
    }
  }
  const names = files.slice(0, 3).map(({ name }) => name).join(", ");
  return new OpenError(
    "no-network",
    files.length === 0
      ? "Cannot open a network: there is no file; expected an .onnx file"
      : `Cannot open a network: there is no .onnx file among ${names}` +
        (files.length > 3 ? ` and ${files.length - 3} more` : ""),
  );
}
