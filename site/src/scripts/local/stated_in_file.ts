import type { Model } from "../../../../shared/onnx/mod.ts";
import { type Levels, type Preset, PRESETS } from "./presets.ts";
import { labelsOfJson, labelsOfLines } from "./read_labels_text.ts";

/** What a network's own metadata say about it. */
export interface StatedInFile {
  readonly labels?: readonly string[];
  readonly levels?: Levels;
}

/** Keys under which exporters write the classes. */
const LABEL_KEYS = ["labels", "names", "classes", "class_names", "id2label"];

/** ONNX's names of ranges, as presets. */
const RANGES: Readonly<Record<string, Levels | undefined>> = {
  NominalRange_0_255: { ...presetOf("unit"), scale: 1 },
  Normalized_0_1: presetOf("unit"),
  Normalized_1_1: presetOf("signed"),
};

/**
 * Reads the metadata of an ONNX file: classes as exporters write them, and the range and order of
 * pixels as ONNX's own `Image.NominalPixelRange` and `Image.BitmapPixelFormat` say them.
 */
export function statedInFile({ metadataProps }: Model): StatedInFile {
  const entries = new Map(metadataProps.map(({ key = "", value = "" }) => [key, value]));
  const text = LABEL_KEYS.map((key) => entries.get(key)).find((value) => value !== undefined);
  const range = RANGES[entries.get("Image.NominalPixelRange") ?? ""];
  const format = entries.get("Image.BitmapPixelFormat") ?? "";
  return {
    labels: text === undefined ? undefined : labelsOf(text),
    levels: range && { ...range, channelOrder: /^bgr/i.test(format) ? "BGR" : "RGB" },
  };
}

/** JSON, a dictionary of Python's, or one in a line. */
function labelsOf(text: string): readonly string[] | undefined {
  for (const form of [text, pythonAsJson(text)]) {
    try {
      return labelsOfJson(JSON.parse(form), "in the file's metadata");
    } catch {
      continue;
    }
  }
  const lines = labelsOfLines(text);
  return lines.length > 1 ? lines : undefined;
}

/** `{0: 'person', 1: "don't"}` as JSON. */
function pythonAsJson(text: string): string {
  return text
    .replace(/([{,]\s*)(\d+)(\s*:)/g, '$1"$2"$3')
    .replace(
      /([:[,]\s*)'((?:[^'\\]|\\.)*)'/g,
      (_, before, label) => before + JSON.stringify(label),
    );
}

function presetOf(id: string): Preset {
  return PRESETS.find((preset) => preset.id === id)!;
}
