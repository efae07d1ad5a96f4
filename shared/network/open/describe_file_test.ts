import { expect, test } from "vitest";
import { type Dim, type Model, ModelBuilder } from "../../onnx/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { ASSUMED, describeFile, OPTIONS, statedLabels, statedManifest } from "./describe_file.ts";

interface File {
  readonly dims?: readonly Dim[];
  readonly type?: "float32" | "uint8";
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An image that a convolution of three planes reads. */
function fileOf({ dims = [1, 3, 32, 48], type = "float32", metadata = {} }: File = {}): Model {
  const b = new ModelBuilder();
  const x = b.input("x", dims, type);
  const read = type === "float32" ? x : b.op("Cast", [x], { to: 1 });
  b.output(b.op("Conv", [read, b.constant(float32(new Float32Array(6), [2, 3, 1, 1]))], {}, "y"));
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  return { ...b.build(), metadataProps } as unknown as Model;
}

test("what nobody says is assumed, and said to be", () => {
  const { manifest, origins, labels } = describeFile("a/net.onnx", fileOf(), []);
  expect(manifest.id).toBe("net");
  expect(manifest.input).toEqual({
    height: 32,
    width: 48,
    resize: { shortSide: 37, filter: "bilinear" },
    channelOrder: "RGB",
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  });
  expect(labels).toBeUndefined();
  expect(origins).toMatchObject({ height: "the shape of the input", mean: ASSUMED, std: ASSUMED });
});

test("each field is said by the first who says it: options, what lies beside, the file", () => {
  const metadata = {
    pretrained_cfg: '{"mean": [0.1, 0.2, 0.3], "std": [1, 2, 3]}',
    labels: "a\nb",
  };
  const beside = statedManifest({ input: { mean: [4, 5, 6], scale: 2 }, title: "Net" }, "net.json");
  const { manifest, origins, labels } = describeFile("net.onnx", fileOf({ metadata }), [
    { by: OPTIONS, input: { scale: 3 } },
    beside,
  ]);
  expect(manifest).toMatchObject({
    title: "Net",
    input: { scale: 3, mean: [4, 5, 6], std: [1, 2, 3] },
  });
  expect(labels).toEqual(["a", "b"]);
  expect(origins).toMatchObject({
    scale: OPTIONS,
    mean: "net.json",
    std: "timm's metadata of the file",
    labels: '"labels" of the file\'s metadata',
  });
});

test("levels are fed as they are where integers are", () => {
  const { manifest, origins } = describeFile("net.onnx", fileOf({ type: "uint8" }), []);
  expect([manifest.input.scale, origins.scale]).toEqual([1, "the type of the input"]);
});

test("an open size comes from options, then from the metadata, then from who asks", () => {
  const open = { dims: [1, 3, "h", "w"] };
  const sizeOf = (...rest: [file: File, said?: number, asked?: number]) => {
    const [file, said, asked] = rest;
    const statements = said === undefined ? [] : [{ by: OPTIONS, input: { height: said } }];
    const { manifest } = describeFile("net.onnx", fileOf(file), statements, {
      height: asked,
      width: asked,
    });
    return [manifest.input.height, manifest.input.width];
  };
  const metadata = { task: "classify", imgsz: "[64, 80]" };
  expect(sizeOf({ ...open, metadata }, undefined, 7)).toEqual([64, 80]);
  expect(sizeOf(open, 50)).toEqual([50, 50]);
  expect(sizeOf(open, undefined, 7)).toEqual([7, 7]);
  expect(() => sizeOf(open)).toThrow("its input has no fixed size; state one (--size)");
});

test("an input that is no image is not asked for its size", () => {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [b.input("features", [1, 64])], {}, "y"));
  expect(() => describeFile("net.onnx", b.build(), [])).toThrow(
    'its input "features" has shape [1,64], expected an image',
  );
});

test("a crop that is smaller than the input is not believed", () => {
  const metadata = { task: "classify", imgsz: "[16, 16]" };
  const { manifest, origins } = describeFile("net.onnx", fileOf({ metadata }), []);
  expect([manifest.input.resize, origins.resize]).toEqual([
    { shortSide: 37, filter: "bilinear" },
    ASSUMED,
  ]);
});

test("labels are read in every form that people write, and nothing else is", () => {
  const read = (text: string) => statedLabels(text, "labels").labels;
  for (
    const text of [
      "ant\nbee\n",
      '["ant", "bee"]',
      '{"0": "ant", "1": "bee"}',
      '{"bee": 1, "ant": 0}',
    ]
  ) expect(read(text)).toEqual(["ant", "bee"]);
  expect(read('{"id2label": {"0": "ant", "1": "bee"}}')).toEqual(["ant", "bee"]);
  expect(() => read("[1, 2]")).toThrow("Cannot read the labels labels: expected one a line");
  expect(() => read("<!DOCTYPE html>\n<html></html>")).toThrow(
    "it is a page of the web (HTML), expe",
  );
  expect(() => read("[")).toThrow("they are not JSON");
  expect(() => statedManifest({ input: { mean: "a" } }, "net.json")).toThrow(
    "Cannot read the manifest net.json: input.mean: expected array, received string",
  );
});
