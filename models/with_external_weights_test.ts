import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decodeModel, encodeModel, ModelBuilder, tensorOf } from "../shared/onnx/mod.ts";
import { float32 } from "../shared/tensor/tensor.ts";
import { openModel } from "./open_model.ts";

const folder = mkdtempSync(join(tmpdir(), "convscope-"));
afterAll(() => rmSync(folder, { recursive: true }));

function networkWithWeightsIn(location: string): string {
  const b = new ModelBuilder();
  const w = b.constant(float32(Float32Array.of(1, 2, 3), [1, 3, 1, 1]), "w");
  b.output(b.op("Conv", [b.input("x", [1, 3, 4, 4]), w], {}, "y"));
  const model = b.build();
  const initializer = model.graph.initializer.map((tensor) => ({
    ...tensor,
    rawData: undefined,
    dataLocation: 1,
    externalData: [{ key: "location", value: location }],
  }));
  const path = join(folder, `${location}.onnx`);
  writeFileSync(path, encodeModel({ ...model, graph: { ...model.graph, initializer } }));
  return path;
}

test("openModel() brings in the weights that lie beside a network", async () => {
  const path = networkWithWeightsIn("weights.bin");
  writeFileSync(join(folder, "weights.bin"), new Uint8Array(Float32Array.of(7, 8, 9).buffer));
  const { bytes } = await openModel(path);
  expect([...tensorOf(decodeModel(bytes).graph.initializer[0]).data]).toEqual([7, 8, 9]);
});

test("openModel() says which weights are missing", async () => {
  const path = networkWithWeightsIn("absent.bin");
  await expect(openModel(path)).rejects.toThrow('its weights "absent.bin" are not beside it');
});
