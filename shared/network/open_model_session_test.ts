import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { decodeModel } from "../onnx/mod.ts";
import { openSession } from "../runtime/mod.ts";
import { openModelSession } from "./open_model_session.ts";

test("a session with its weights beside the file computes the same, to the last bit", async () => {
  const file = new URL("../../models/glyphnet/model.onnx", import.meta.url);
  const bytes = new Uint8Array(await readFile(file));
  const { session: split, bytes: held } = await openModelSession(decodeModel(bytes), "wasm");
  await using _split = split;
  await using whole = await openSession(bytes, { backend: "wasm" });
  const [{ name, dims }] = whole.inputs;
  const feeds = { [name]: randomTensor(dims.map((extent) => Number(extent) || 1), 1) };
  expect(await split.run(feeds)).toEqual(await whole.run(feeds));
  // The declarations of external data are all that is more.
  expect(held / bytes.length).toBeCloseTo(1, 1);
});
