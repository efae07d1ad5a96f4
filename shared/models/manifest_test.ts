import { expect, test } from "vitest";
import { listedManifest } from "../../tests/networks.ts";
import { hubParts } from "./hub_config.ts";
import { parseLabels } from "./labels_text.ts";
import { parseManifest } from "./manifest.ts";
import { manifestFor, userManifest } from "./manifest_for.ts";
import { sha256 } from "./sha256.ts";

const good = listedManifest("squeezenet1.1");

test("parseManifest() says of every fault where it is, what is expected and what was received", () => {
  const faults: [Record<string, unknown>, string][] = [
    [{ input: undefined }, "input: expected object, received undefined"],
    [{ sha256: "x" }, 'sha256: expected 64 hexadecimal digits, received "x"'],
    [{ bytes: "12" }, "bytes: expected number, received string"],
    [{ bytes: 0 }, "bytes: expected number to be >0, received 0"],
    [{ extra: 1 }, '(whole): expected no field "extra"'],
    [
      { source: { hub: { repository: "a", revision: "main" } } },
      "source.hub.file: expected string",
    ],
    [
      { input: { ...good.input, mean: [1] } },
      "input.mean: expected 3 numbers for RGB, received [1]",
    ],
    [
      { input: { ...good.input, std: [1, 0, 1] } },
      "input.std.1: expected number to be >0, received 0",
    ],
    [
      { input: { ...good.input, resize: { shortSide: 10, filter: "bilinear" } } },
      "input.resize.shortSide: expected at least 224, the input's short side, received 10",
    ],
    [
      { input: { ...good.input, channelOrder: "XYZ" } },
      'input.channelOrder: expected one of "RGB"|"BGR"|"GRAY"|"PLANES", received "XYZ"',
    ],
  ];
  for (const [patch, message] of faults) {
    const read = () => parseManifest({ ...good, ...patch }, "x.json");
    expect(read).toThrow(SyntaxError);
    expect(read).toThrow(`Cannot read the manifest x.json: ${message}`);
  }
  expect(() => parseManifest([], "x.json")).toThrow("expected object, received array");
});

test("manifestFor() makes a manifest of options", () => {
  const { id, input } = manifestFor({ path: "/some/where/My Net.onnx", height: 96, width: 128 });
  expect(id).toBe("My-Net");
  expect(input).toEqual({
    height: 96,
    width: 128,
    resize: { shortSide: 110, filter: "bilinear" },
    channelOrder: "RGB",
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  });
  expect(() => manifestFor({ path: "x.onnx", height: 9, width: 9, mean: [1] })).toThrow(
    "Cannot read the manifest for x.onnx: input.mean: expected 3 numbers for RGB",
  );
});

test("userManifest() wants nothing but the input", () => {
  const { title, input } = userManifest({ input: good.input }, "a/net.onnx", "a/net.json");
  expect([title, input]).toEqual(["net", good.input]);
  expect(() => userManifest(3, "a/net.onnx", "a/net.json")).toThrow("expected object");
});

test("parseLabels() names the outputs before the first label", () => {
  expect(parseLabels(["ant", "bee"], 1, "x")).toEqual(["background", "ant", "bee"]);
  expect(() => parseLabels(["ant", 3], 0, "x.json")).toThrow("Cannot read the labels x.json: 1:");
});

test("hubParts() follows Transformers.js: normalise in RGB, then flip", () => {
  const { input, labels } = hubParts({ id2label: { 1: "bee", 0: "ant" } }, {
    size: { shortest_edge: 256 },
    crop_size: 224,
    do_center_crop: true,
    do_rescale: false,
    image_mean: [123, 117, 104],
    image_std: 2,
    do_flip_channel_order: true,
  });
  expect(labels).toEqual(["ant", "bee"]);
  expect(input).toEqual({
    height: 224,
    width: 224,
    resize: { shortSide: 256, filter: "bilinear" },
    channelOrder: "BGR",
    scale: 1,
    mean: [104, 117, 123],
    std: [2, 2, 2],
  });
});

test("hubParts() knows the ways to a size", () => {
  const geometry = (preprocessor: unknown) => {
    const { height, resize } = hubParts({}, preprocessor).input!;
    return [height, resize];
  };
  const convnext = { feature_extractor_type: "ConvNextFeatureExtractor" };
  const filter = "bilinear";
  expect(geometry({ size: 224, crop_pct: 0.875, ...convnext })).toEqual([
    224,
    { shortSide: 256, filter },
  ]);
  expect(geometry({ size: 384, ...convnext })).toEqual([384, { stretch: true, filter }]);
  expect(geometry({ size: { height: 224, width: 224 } })).toEqual([224, { stretch: true, filter }]);
  expect(hubParts({ num_channels: 1 }, { size: 28, do_normalize: false }).input).toMatchObject({
    channelOrder: "GRAY",
    mean: [0],
    std: [1],
  });
  expect(() => hubParts({ id2label: 3 }, {})).toThrow(
    "Cannot read config.json: id2label: expected",
  );
});

test("sha256() is the known digest", async () => {
  expect(await sha256(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
