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
