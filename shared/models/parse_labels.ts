import { z } from "zod";
import { parse } from "./manifest.ts";

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
