import { InputError } from "../errors.ts";

/**
 * A decoded image: 8-bit RGBA, straight alpha, sRGB, row-major. Structurally the same as the
 * browser's `ImageData`, so that one can be drawn or read without a copy.
 */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** `width * height * 4` bytes. */
  readonly data: Uint8ClampedArray;
}

/** Whether no pixel is transparent, not even partly. */
export function isOpaque({ data }: Image): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

export type Color = readonly [red: number, green: number, blue: number];

export const WHITE: Color = [255, 255, 255];

/** The image as it looks on a ground of one colour; opaque. The same object if it was already. */
export function flattenAlpha(image: Image, ground: Color = WHITE): Image {
  if (isOpaque(image)) return image;
  const data = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = image.data[i + 3] / 255;
    for (let c = 0; c < 3; c++) {
      data[i + c] = alpha * image.data[i + c] + (1 - alpha) * ground[c];
    }
    data[i + 3] = 255;
  }
  return { width: image.width, height: image.height, data };
}

/** An opaque image of one colour. */
export function blank(width: number, height: number, [red, green, blue]: Color): Image {
  const data = new Uint8ClampedArray(width * height * 4);
  new Uint32Array(data.buffer).fill((255 << 24 | blue << 16 | green << 8 | red) >>> 0);
  return { width, height, data };
}

/** The colour that every pixel of the image has on white; undefined if they differ. */
export function onlyColor({ data }: Image): Color | undefined {
  const at = (i: number) => {
    const alpha = data[i + 3] / 255;
    return WHITE.map((white, c) => Math.round(alpha * data[i + c] + (1 - alpha) * white));
  };
  const [red, green, blue] = at(0);
  for (let i = 4; i < data.length; i += 4) {
    const [r, g, b] = at(i);
    if (r !== red || g !== green || b !== blue) return undefined;
  }
  return [red, green, blue];
}

const known = new WeakMap<Image, Image>();

/** The image in grey, by ITU-R BT.601 luma; the same object for the same image. */
export function toGrey(image: Image): Image {
  const before = known.get(image);
  if (before) return before;
  const data = image.data.slice();
  for (let i = 0; i < data.length; i += 4) {
    data.fill(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2], i, i + 3);
  }
  const grey = { width: image.width, height: image.height, data };
  known.set(image, grey);
  return grey;
}

/**
 * Every pixel as a square of `factor` x `factor`, so that single values stay apart.
 *
 * @throws {RangeError} If the factor is not a whole number above zero.
 */
export function enlarge(image: Image, factor: number): Image {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new InputError(`Cannot enlarge by ${factor}: valid are whole numbers above zero`);
  }
  const [width, height] = [image.width * factor, image.height * factor];
  const from = new Uint32Array(image.data.slice().buffer);
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * image.width;
    for (let x = 0; x < width; x++) to[y * width + x] = from[row + Math.floor(x / factor)];
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
}
