import type { Model } from "../onnx/mod.ts";
import { labelsOfJson, labelsOfLines } from "./labels_text.ts";
import type { StatedInput } from "./manifest.ts";
import { timmInput } from "./timm_config.ts";

/** What a network's own metadata say about it. */
export interface StatedInFile {
  readonly labels?: readonly string[];
  /** Where the labels were found. */
  readonly labelsFrom?: string;
  readonly input?: StatedInput;
  /** Where the input was found. */
  readonly inputFrom?: string;
  /** What the network is for: "classify", "detect". */
  readonly task?: string;
}

type Entries = ReadonlyMap<string, string>;

/** Keys under which exporters write the classes. */
const LABEL_KEYS = [
  "labels",
  "names",
  "classes",
  "class_names",
  "id2label",
  "class_labels",
  "label_names",
];

/** Windows ML's names of ranges: factor on the levels, mean and standard deviation. */
const RANGES: Readonly<Record<string, readonly [scale: number, mean: number, std: number]>> = {
  NominalRange_0_255: [1, 0, 1],
  Normalized_0_1: [1 / 255, 0, 1],
  Normalized_1_1: [1 / 255, 0.5, 0.5],
};

/** Windows ML's names of pixels. */
const FORMATS: readonly (readonly [RegExp, "RGB" | "BGR" | "GRAY"])[] = [
  [/^bgr/i, "BGR"],
  [/^rgb/i, "RGB"],
  [/^gray/i, "GRAY"],
];

/**
 * Reads the metadata of an ONNX file: classes as exporters write them, and the input as Windows ML,
 * Ultralytics and timm say it.
 */
export function statedInFile({ metadataProps }: Pick<Model, "metadataProps">): StatedInFile {
  const entries: Entries = new Map(
    metadataProps.map(({ key = "", value = "" }) => [key, value]),
  );
  return { ...labelsIn(entries), ...inputIn(entries) };
}

function labelsIn(entries: Entries): StatedInFile {
  for (const key of LABEL_KEYS) {
    const text = entries.get(key);
    const labels = text === undefined ? undefined : labelsOf(text);
    if (labels) return { labels, labelsFrom: `"${key}" of the file's metadata` };
  }
  return {};
}

function inputIn(entries: Entries): StatedInFile {
  return windowsInput(entries) ?? ultralyticsInput(entries) ?? timmEntry(entries) ?? {};
}

function windowsInput(entries: Entries): StatedInFile | undefined {
  const format = entries.get("Image.BitmapPixelFormat") ?? "";
  const range = entries.get("Image.NominalPixelRange") ?? "";
  const order = FORMATS.find(([name]) => name.test(format))?.[1];
  const known = Object.hasOwn(RANGES, range) ? RANGES[range] : undefined;
  if (order === undefined && known === undefined) return undefined;
  const count = order === "GRAY" ? 1 : 3;
  const planes = (value: number) => Array<number>(count).fill(value);
  return {
    inputFrom: `"Image.*" of the file's metadata`,
    input: {
      ...order && { channelOrder: order },
      ...known && { scale: known[0], mean: planes(known[1]), std: planes(known[2]) },
    },
  };
}

/** YOLO: levels of 0 to 1; classifiers cut out the centre, detectors see the whole. */
function ultralyticsInput(entries: Entries): StatedInFile | undefined {
  const task = entries.get("task");
  const sides = valueOf(entries.get("imgsz") ?? "");
  if (task === undefined || !Array.isArray(sides) && typeof sides !== "number") return undefined;
  const [height, width = height] = [sides].flat().map(Number);
  if (!(height > 0 && width > 0)) return undefined;
  const filter = "bilinear";
  return {
    task,
    inputFrom: "Ultralytics' metadata of the file",
    input: {
      ...{ height, width, channelOrder: "RGB", scale: 1 / 255 },
      ...{ mean: [0, 0, 0], std: [1, 1, 1] },
      resize: task === "classify"
        ? { shortSide: Math.min(height, width), filter }
        : { pad: true, filter },
    },
  };
}

function timmEntry(entries: Entries): StatedInFile | undefined {
  const whole = valueOf(entries.get("pretrained_cfg") ?? "");
  const parts = Object.fromEntries(
    ["input_size", "mean", "std", "crop_pct", "crop_mode"].flatMap((key) => {
      const text = entries.get(key);
      return text === undefined ? [] : [[key, valueOf(text) ?? text]];
    }),
  );
  const stated = typeof whole === "object" && whole !== null ? { ...whole, ...parts } : parts;
  if (!("mean" in stated || "input_size" in stated)) return undefined;
  try {
    const input = timmInput(stated, "the file's metadata");
    return { input, inputFrom: "timm's metadata of the file" };
  } catch (error) {
    // Metadata are free text: what is no preprocessing says nothing of it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JSON, or a literal of Python's; undefined if it is neither. */
function valueOf(text: string): unknown {
  for (const form of [text, pythonAsJson(text)]) {
    try {
      return JSON.parse(form);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** JSON, a dictionary of Python's, or one in a line, or separated by commas. */
function labelsOf(text: string): readonly string[] | undefined {
  const value = valueOf(text);
  if (value !== undefined) {
    try {
      return labelsOfJson(value, "in the file's metadata");
    } catch {
      return undefined;
    }
  }
  const lines = labelsOfLines(text);
  if (lines.length > 1) return lines;
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  return parts.length > 1 ? parts : undefined;
}

/** `{0: 'person', 1: "don't"}`, `(3, 224, 224)` and `None` as JSON. */
function pythonAsJson(text: string): string {
  return text
    .replace(/([{,]\s*)(\d+)(\s*:)/g, '$1"$2"$3')
    .replace(
      /([:[,({]\s*)'((?:[^'\\]|\\.)*)'/g,
      (_, before, label) => before + JSON.stringify(label),
    )
    .replace(
      /"(?:[^"\\]|\\.)*"|\(|,?\s*\)|\b(?:None|True|False)\b/g,
      (part) =>
        part === "("
          ? "["
          : part.endsWith(")") && !part.startsWith('"')
          ? "]"
          : { None: "null", True: "true", False: "false" }[part] ?? part,
    );
}
