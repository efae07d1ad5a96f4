import { expect, test } from "vitest";
import { statedInFile } from "./stated_in_file.ts";

const read = (metadata: Readonly<Record<string, string>>) =>
  statedInFile(
    {
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    } as unknown as Parameters<typeof statedInFile>[0],
  );

test("Ultralytics: names, sides and the task, which says how images are fitted", () => {
  const names = `{0: 'person', 1: "don't", 2: 'b, c'}`;
  const classifier = read({ task: "classify", imgsz: "[64, 96]", names });
  expect(classifier.labels).toEqual(["person", "don't", "b, c"]);
  expect(classifier.input).toMatchObject({
    height: 64,
    width: 96,
    resize: { shortSide: 64 },
    scale: 1 / 255,
  });
  expect(read({ task: "detect", imgsz: "640" }).input).toMatchObject({
    height: 640,
    width: 640,
    resize: { pad: true },
  });
});

test("Windows ML: order and range of the pixels", () => {
  expect(
    read({ "Image.BitmapPixelFormat": "Bgr8", "Image.NominalPixelRange": "NominalRange_0_255" })
      .input,
  ).toEqual({ channelOrder: "BGR", scale: 1, mean: [0, 0, 0], std: [1, 1, 1] });
  expect(
    read({ "Image.BitmapPixelFormat": "Gray8", "Image.NominalPixelRange": "Normalized_1_1" })
      .input,
  ).toEqual({ channelOrder: "GRAY", scale: 1 / 255, mean: [0.5], std: [0.5] });
  expect(read({ "Image.BitmapPixelFormat": "Bgr8" }).input).toEqual({ channelOrder: "BGR" });
});

test("timm: pretrained_cfg as JSON, as Python writes it, or key by key", () => {
  const expected = {
    height: 224,
    width: 224,
    resize: { shortSide: 248, filter: "bilinear" },
    channelOrder: "RGB",
    scale: 1 / 255,
    mean: [0.5, 0.4, 0.3],
    std: [0.2, 0.2, 0.2],
  };
  const json = '{"input_size": [3, 224, 224], "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.2, 0.2], ' +
    '"crop_pct": 0.9, "crop_mode": "center"}';
  const python = "{'input_size': (3, 224, 224), 'mean': (0.5, 0.4, 0.3), 'std': (0.2, 0.2, 0.2), " +
    "'crop_pct': 0.9, 'fixed_input_size': True, 'pool_size': None}";
  expect(read({ pretrained_cfg: json }).input).toEqual(expected);
  expect(read({ pretrained_cfg: python }).input).toEqual(expected);
  expect(
    read({
      input_size: "[3, 224, 224]",
      mean: "[0.5, 0.4, 0.3]",
      std: "(0.2, 0.2, 0.2)",
      crop_pct: "0.9",
    }).input,
  ).toEqual(expected);
});

test("labels by lines, by commas and as JSON; other texts say nothing", () => {
  expect(read({ labels: "ant\nbee\n" }).labels).toEqual(["ant", "bee"]);
  expect(read({ classes: "ant, bee" }).labels).toEqual(["ant", "bee"]);
  expect(read({ id2label: '{"1": "bee", "0": "ant"}' }).labels).toEqual(["ant", "bee"]);
  expect(read({ author: "somebody", mean: "a lot", names: "{" })).toEqual({});
});
