import {
  type Color,
  enlarge,
  heatmap,
  type Image,
  montage,
  resize,
  VIRIDIS,
} from "../../image/mod.ts";
import { bodySize, drawPanel } from "../../contract/panel.ts";
import { KNOWN } from "./grab_cut.ts";

const OUTLINE: Color = [220, 20, 60];
const SEEDS: Readonly<Record<number, Color>> = {
  [KNOWN.foreground]: [220, 20, 60],
  [KNOWN.background]: [30, 100, 200],
};

export interface SegmentView {
  readonly image: Image;
  readonly label: string;
  /** One number a pixel. */
  readonly saliency: Float32Array;
  readonly known: Uint8Array;
  /** 1 for the foreground. */
  readonly mask: Uint8Array;
}

/** The cut over the image, how it came about, the cut-out with alpha, and the mask. */
export function segmentImages(view: SegmentView): Record<string, Image> {
  const { image, label, saliency, known, mask } = view;
  const { width, height } = image;
  const size = bodySize(height, width);
  const factor = size.width / width;
  const share = Math.round(100 * mask.reduce((a, b) => a + b, 0) / mask.length);
  const segment = drawPanel({
    title: label.split(",")[0],
    text: `Cut out by GrabCut: ${share} % of the image`,
    body: outlined(image, mask, factor),
  });
  const seeds = drawPanel({
    title: "Seeds",
    text: "Red: the gradient is largest; blue: smallest; the rest is cut by its colours",
    body: enlarge(painted(image, known), factor),
  });
  const gradient = drawPanel({
    title: "Gradient",
    text: "Its size, from smallest (dark) to largest, averaged over views",
    body: resize(heatmap({ width, height, values: saliency }, VIRIDIS), size.width, size.height),
  });
  const figure = montage([segment, seeds, gradient].map((image) => ({ image })), {
    columns: 3,
    gap: 0,
  });
  return { segment, figure, cutout: cutOut(image, mask), mask: maskImage(image, mask) };
}

/** The image, its background pale, with a line around the foreground. */
function outlined(image: Image, mask: Uint8Array, factor: number): Image {
  const pale = image.data.map((value, i) =>
    i % 4 === 3 || mask[i >> 2] ? value : 170 + (value >> 2)
  );
  const [width, height] = [image.width * factor, image.height * factor];
  const body = resize({ ...image, data: pale }, width, height);
  const at = (x: number, y: number) =>
    mask[Math.floor(y / factor) * image.width + Math.floor(x / factor)];
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      if (at(x, y) === at(x - 1, y) && at(x, y) === at(x, y - 1)) continue;
      body.data.set(OUTLINE, 4 * (y * width + x));
    }
  }
  return body;
}

/** The image with what is known mixed in. */
function painted(image: Image, known: Uint8Array): Image {
  const data = image.data.slice();
  known.forEach((value, i) => {
    SEEDS[value]?.forEach((level, c) => data[4 * i + c] = (data[4 * i + c] + 2 * level) / 3);
  });
  return { ...image, data };
}

function cutOut(image: Image, mask: Uint8Array): Image {
  const data = image.data.slice();
  mask.forEach((value, i) => data[4 * i + 3] = 255 * value);
  return { ...image, data };
}

function maskImage({ width, height }: Image, mask: Uint8Array): Image {
  const data = new Uint8ClampedArray(4 * mask.length).fill(255);
  mask.forEach((value, i) => data.fill(255 * value, 4 * i, 4 * i + 3));
  return { width, height, data };
}
