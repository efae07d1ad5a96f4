import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decodeModel, encodeModel, ModelBuilder, protoOf, tensorOf } from "../shared/onnx/mod.ts";
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

test("openModel() reads weights from regular files in the network's folder alone", async () => {
  const outside = mkdtempSync(join(tmpdir(), "convscope-"));
  const weights = new Uint8Array(Float32Array.of(7, 8, 9).buffer);
  writeFileSync(join(outside, "weights.bin"), weights);
  symlinkSync(join(outside, "weights.bin"), join(folder, "link.bin"));
  symlinkSync("/dev/zero", join(folder, "endless.bin"));
  mkdirSync(join(folder, "folder.bin"));
  for (const name of ["link.bin", "endless.bin", "folder.bin"]) {
    await expect(openModel(networkWithWeightsIn(name)), name).rejects.toThrow(
      `its weights "${name}" are not a regular file in its folder`,
    );
  }
  rmSync(outside, { recursive: true });
});

test("openModel() follows links of a cache, whose files lie side by side", async () => {
  const blobs = mkdtempSync(join(tmpdir(), "convscope-"));
  const path = networkWithWeightsIn("cached.bin");
  renameSync(path, join(blobs, "0123"));
  symlinkSync(join(blobs, "0123"), path);
  writeFileSync(join(blobs, "4567"), new Uint8Array(Float32Array.of(7, 8, 9).buffer));
  symlinkSync(join(blobs, "4567"), join(folder, "cached.bin"));
  const { bytes } = await openModel(path);
  expect([...tensorOf(decodeModel(bytes).graph.initializer[0]).data]).toEqual([7, 8, 9]);
  rmSync(blobs, { recursive: true });
});

test("openModel() refuses tensors that take far more than their file has", async () => {
  const b = new ModelBuilder();
  b.output(b.op("Relu", [b.input("x", [1, 3, 4, 4])], {}, "y"));
  const model = b.build();
  const initializer = Array.from({ length: 100 }, (_, i) => ({
    ...protoOf(`w${i}`, float32(new Float32Array(), [0])),
    dims: [2 ** 18],
    rawData: undefined,
    dataLocation: 1,
    externalData: [{ key: "location", value: "shared.bin" }],
  }));
  const path = join(folder, "amplified.onnx");
  writeFileSync(path, encodeModel({ ...model, graph: { ...model.graph, initializer } }));
  writeFileSync(join(folder, "shared.bin"), new Uint8Array(2 ** 20));
  await expect(openModel(path)).rejects.toThrow("they take more than 3145728 bytes");
});
