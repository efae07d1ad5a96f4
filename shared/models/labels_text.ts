import { z } from "zod";
import { parse } from "./manifest.ts";

/** WordNet's number of a class, as lists of ImageNet's classes begin with it. */
const SYNSET = /^n\d{8}\s+/;

/** How a page begins, as a hub or a network that wants a login sends it in a file's place. */
const PAGE = /^\s*<(!doctype\s+html|html)\b/i;

/** Labels by line. */
export function labelsOfLines(text: string): string[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.replace(SYNSET, ""));
}

/**
 * Labels out of JSON: a list, `{index: label}`, Keras's `{index: [synset, label]}`, or
 * `{label: index}`.
 *
 * @returns Undefined if it is none of these.
 * @throws {SyntaxError} If the indices leave one out.
 */
export function labelsOfJson(value: unknown, source: string): string[] | undefined {
  const isText = (entry: unknown) => typeof entry === "string";
  if (Array.isArray(value)) return value.length > 0 && value.every(isText) ? value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  if (entries.every(([, index]) => Number.isInteger(index))) {
    return inOrder(entries.map(([label, index]) => [index as number, label]), source);
  }
  if (!entries.every(([index]) => /^\d+$/.test(index))) return undefined;
  const labels = entries.map(([index, label]) =>
    [Number(index), Array.isArray(label) ? label.at(-1) : label] as const
  );
  return labels.every(([, label]) => isText(label)) ? inOrder(labels, source) : undefined;
}

function inOrder(entries: readonly (readonly [number, string])[], source: string): string[] {
  const labels = new Map(entries);
  const gap = entries.findIndex((_, index) => !labels.has(index));
  if (gap >= 0) {
    throw new SyntaxError(
      `Cannot read the labels ${source}: none has the index ${gap}; expected 0 to ` +
        `${entries.length - 1}, each once`,
    );
  }
  return entries.map((_, index) => labels.get(index)!);
}

/**
 * The labels of a file: one a line, or JSON in any form that people write them in; a `config.json`
 * counts by its `id2label`.
 *
 * @param source Where it was read, for the message.
 * @throws {SyntaxError} If it is no list of labels.
 */
export function labelsOfFile(text: string, source: string): string[] {
  const isJson = /^\s*[[{]/.test(text);
  const value = isJson ? jsonOf(text, source) : undefined;
  const nested = value as { id2label?: unknown; names?: unknown; labels?: unknown } | undefined;
  const labels = isJson
    ? labelsOfJson(nested?.id2label ?? nested?.names ?? nested?.labels ?? value, source)
    : labelsOfLines(text);
  const isPage = PAGE.test(text);
  if (labels && labels.length > 0 && !isPage) return labels;
  const is = isPage ? "it is a page of the web (HTML), " : "";
  throw new SyntaxError(
    `Cannot read the labels ${source}: ${is}expected one a line, a JSON list, or {"0": label, ...}`,
  );
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new SyntaxError(`Cannot read the labels ${source}: they are not JSON`, { cause });
  }
}

/** What an output before the first label stands for. */
const BACKGROUND = "background";

const labelsSchema = z.array(z.string().min(1)).min(1);

/**
 * The names of a network's outputs, in their order.
 *
 * @param value A JSON list of labels.
 * @param offset Output index of the first; the outputs before it are called "background".
 * @param source Where it was read, for the message.
 * @throws {SyntaxError} If it is not a list of labels.
 */
export function parseLabels(value: unknown, offset: number, source: string): string[] {
  const labels = parse(labelsSchema, value, `Cannot read the labels ${source}`);
  return [...Array<string>(offset).fill(BACKGROUND), ...labels];
}
