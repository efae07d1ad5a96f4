import type { Color } from "./flatten_alpha.ts";
import { glyph, GLYPH_HEIGHT, GLYPH_WIDTH } from "./font.ts";
import type { Image } from "./image.ts";

export interface TextStyle {
  /** @default black */
  readonly color?: Color;
  /**
   * Pixels of the image a pixel of the font; a whole number.
   *
   * @default 1
   */
  readonly scale?: number;
}

const BLACK: Color = [0, 0, 0];
/** From one character to the next: the glyph and a gap. */
const ADVANCE = GLYPH_WIDTH + 1;
/** Accents are taken off letters, so that "Léon" reads as "Leon". */
const ACCENTS = /\p{Mn}/gu;

const characters = (text: string) => [...text.normalize("NFD").replace(ACCENTS, "")];

/** What a line of text takes, in pixels. */
export function measureText(text: string, scale = 1): { width: number; height: number } {
  const count = characters(text).length;
  return { width: Math.max(0, count * ADVANCE - 1) * scale, height: GLYPH_HEIGHT * scale };
}

/** Writes one line of text into the image, its top left at (x, y). What leaves it is cut off. */
export function drawText(
  image: Image,
  x: number,
  y: number,
  text: string,
  style: TextStyle = {},
): void {
  const { color = BLACK, scale = 1 } = style;
  for (const [i, character] of characters(text).entries()) {
    for (const [row, bits] of glyph(character).entries()) {
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if (!(bits >> (GLYPH_WIDTH - 1 - column) & 1)) continue;
        const left = x + (i * ADVANCE + column) * scale;
        fillRect(image, { left, top: y + row * scale, width: scale, height: scale }, color);
      }
    }
  }
}

/** Fills a rectangle with an opaque colour. What leaves the image is cut off. */
export function fillRect(
  image: Image,
  rect: { left: number; top: number; width: number; height: number },
  color: Color,
): void {
  const left = Math.max(0, Math.round(rect.left));
  const right = Math.min(image.width, Math.round(rect.left + rect.width));
  const top = Math.max(0, Math.round(rect.top));
  const bottom = Math.min(image.height, Math.round(rect.top + rect.height));
  const [red, green, blue] = color;
  for (let y = top; y < bottom; y++) {
    for (let at = 4 * (y * image.width + left); at < 4 * (y * image.width + right); at += 4) {
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
      image.data[at + 3] = 255;
    }
  }
}

/** An image of one colour. */
export function blank(width: number, height: number, color: Color): Image {
  const image = { width, height, data: new Uint8ClampedArray(width * height * 4) };
  fillRect(image, { left: 0, top: 0, width, height }, color);
  return image;
}
