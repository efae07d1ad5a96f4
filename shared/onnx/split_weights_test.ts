import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { decodeModel } from "./model_file.ts";
import { loadExternalData } from "./external_data.ts";
import { splitWeights } from "./split_weights.ts";
import { tensorOf } from "./tensor_proto.ts";

const file = new URL("../../models/glyphnet/model.onnx", import.meta.url);
const whole = new Uint8Array(await readFile(file));
const model = decodeModel(whole);
const { bytes, weights } = splitWeights(model);

test("splitWeights() puts large weights beside the file, as views of it", () => {
  expect(weights.size).toBeGreaterThan(0);
  for (const part of weights.values()) expect(part.buffer).toBe(whole.buffer);
  const beside = weights.values().reduce((sum, { length }) => sum + length, 0);
  expect(beside).toBeGreaterThan(0.9 * whole.length);
  expect(bytes.length).toBeLessThan(whole.length - beside + 100 * weights.size);
  const joined = loadExternalData(decodeModel(bytes), weights);
  expect(joined.graph.initializer.map(tensorOf)).toEqual(model.graph.initializer.map(tensorOf));
});
