import { InputError } from "../errors.ts";
import { flattenAlpha, type Image } from "../image/image.ts";
import type { Placed } from "../figure/on_source.ts";
import type { Box } from "../image/crop.ts";
import { paste } from "../image/montage.ts";
import { resize } from "../image/resize.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { type ManifestInput, planeCount } from "./manifest.ts";
import { SOURCE_SIDE } from "./fit.ts";
import { placement } from "./placement.ts";

export interface Preprocessed {
  /** [1, C, height, width], as the network is fed. */
  readonly tensor: Tensor<"float32">;
  /** The same pixels for a person; opaque. */
  readonly image: Image;
}

/** Which channel of RGBA each plane holds. */
const PLANES = { RGB: [0, 1, 2], BGR: [2, 1, 0], GRAY: [0] } as const;

/** The channel of RGBA that each plane is shown by; planes that are no colours beyond the third by none. */
function shownBy(input: ManifestInput): readonly number[] {
  if (input.channelOrder !== "PLANES") return PLANES[input.channelOrder];
  return planeCount(input) < 3 ? PLANES.GRAY : PLANES.RGB;
}

/**
 * An image as a network wants it: on white where it is transparent, resized with Pillow's
 * antialiased bilinear filter, the centre cut out, and each level v of 0..255 turned into
 * (v * scale - mean) / std, plane by plane. Grey is ITU-R BT.601 luma.
 */
export function preprocess(image: Image, input: ManifestInput): Preprocessed {
  requireColors(input);
  const { size, crop } = placement(image, input);
  const opaque = flattenAlpha(image);
  const colored = "pad" in input.resize
    ? padded(resize(opaque, ...size), crop, input)
    : resize(opaque, ...size, { crop });
  const seen = input.channelOrder === "GRAY" ? toGray(colored) : colored;
  return { image: seen, tensor: toTensor(seen, input) };
}

/**
 * The same, with the image at its own resolution, which figures are drawn on, and the place of the
 * input in it.
 *
 * @param mostSide Longer side of that image, in pixels; a larger one is shrunk.
 */
export function preprocessPlaced(
  image: Image,
  input: ManifestInput,
  mostSide: number = SOURCE_SIDE,
): Preprocessed & Required<Placed> {
  const { size, crop } = placement(image, input);
  const source = shrunk(flattenAlpha(image), mostSide);
  const [x, y] = [source.width / size[0], source.height / size[1]];
  const at = {
    left: crop.left * x,
    top: crop.top * y,
    width: crop.width * x,
    height: crop.height * y,
  };
  return { ...preprocess(image, input), placement: { source, at } };
}

/** @throws {InputError} If the network takes planes that no image has. */
function requireColors(input: ManifestInput): void {
  if (input.channelOrder !== "PLANES") return;
  throw new InputError(
    `Cannot make the input of an image: the network takes ${
      planeCount(input)
    } planes, and an image ` +
      "has 3; give the whole input as an array (--input file.npy)",
  );
}

function shrunk(image: Image, mostSide: number): Image {
  const factor = mostSide / Math.max(image.width, image.height);
  // A decoder's image may be an object whose sides do not survive being sent to another thread.
  if (factor >= 1) return { width: image.width, height: image.height, data: image.data };
  const [width, height] = [image.width, image.height]
    .map((side) => Math.max(1, Math.round(side * factor)));
  return resize(image, width, height);
}

/** On the colour that is zero to the network. */
function padded(image: Image, crop: Box, input: ManifestInput): Image {
  const { mean, scale } = input;
  const data = new Uint8ClampedArray(4 * crop.width * crop.height).fill(255);
  const planes = shownBy(input);
  const ground = [0, 1, 2].map((channel) =>
    mean[Math.max(0, planes.findIndex((plane) => plane === channel))] / scale
  );
  for (let i = 0; i < data.length; i += 4) data.set(ground, i);
  const sheet = { width: crop.width, height: crop.height, data };
  paste(sheet, image, -crop.left, -crop.top);
  return sheet;
}

/**
 * The image of a network's input: the inverse of `preprocess`, rounded to levels and clamped to
 * 0..255. Any height and width.
 *
 * @throws {RangeError} If the tensor is not [1, C, H, W] with the input's planes.
 */
export function deprocess(tensor: Tensor<"float32">, input: ManifestInput): Image {
  const [batch, channels, height, width] = tensor.dims;
  const expected = planeCount(input);
  if (tensor.dims.length !== 4 || batch !== 1 || channels !== expected) {
    throw new InputError(
      `Cannot show a tensor of shape [${tensor.dims}]: expected [1, ${expected}, height, width]`,
    );
  }
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  for (const [plane, channel] of shownBy(input).entries()) {
    const values = tensor.data.subarray(plane * height * width, (plane + 1) * height * width);
    const [std, mean] = [input.std[plane], input.mean[plane]];
    values.forEach((value, i) => data[4 * i + channel] = (value * std + mean) / input.scale);
  }
  if (shownBy(input).length === 1) {
    for (let i = 0; i < data.length; i += 4) data[i + 1] = data[i + 2] = data[i];
  }
  return { width, height, data };
}

function toTensor(image: Image, input: ManifestInput): Tensor<"float32"> {
  const { height, width } = image;
  requireColors(input);
  const { scale, mean, std } = input;
  const plane = height * width;
  const planes = shownBy(input);
  const data = new Float32Array(planes.length * plane);
  for (const [c, channel] of planes.entries()) {
    const levels = Float32Array.from(
      { length: 256 },
      (_, level) => (level * scale - mean[c]) / std[c],
    );
    for (let i = 0; i < plane; i++) data[c * plane + i] = levels[image.data[4 * i + channel]];
  }
  return float32(data, [1, planes.length, height, width]);
}

/**
 * An image as a network is fed, at its own size: [1, C, height, width]. For the part of a network
 * that runs at any size.
 */
export function asFed(image: Image, input: ManifestInput): Tensor<"float32"> {
  return toTensor(input.channelOrder === "GRAY" ? toGray(image) : image, input);
}

/** Luma in 16-bit fixed point, as Pillow converts to "L". */
function toGray({ width, height, data }: Image): Image {
  const gray = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 4) {
    const luma = (data[i] * 19595 + data[i + 1] * 38470 + data[i + 2] * 7471 + 0x8000) >> 16;
    gray.fill(luma, i, i + 3);
    gray[i + 3] = 255;
  }
  return { width, height, data: gray };
}

/**
 * An image as a network wants it, with nothing of it cut off: for images that were made by a
 * network and are of its input's shape.
 *
 * @returns [1, C, height, width].
 */
export function preprocessWhole(image: Image, input: ManifestInput): Tensor<"float32"> {
  return preprocess(image, { ...input, resize: { stretch: true, filter: "bilinear" } }).tensor;
}
