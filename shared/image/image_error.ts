import type { ErrorKind, KnownError } from "../errors.ts";

/**
 * What is wrong with an image: not a format that can be read, a file that is broken, or more
 * pixels than allowed.
 */
export type ImageFault = "format" | "damaged" | "too-large";

const KINDS: Readonly<Record<ImageFault, ErrorKind>> = {
  "format": "unsupported-media-type",
  "damaged": "unusable-image",
  "too-large": "too-large",
};

/** An image that cannot be used; the message says why and what would be valid. */
export class ImageError extends Error implements KnownError {
  override readonly name = "ImageError";
  readonly kind: ErrorKind;

  constructor(readonly fault: ImageFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = KINDS[fault];
  }
}

/** A file of `format` that is broken. */
export function damaged(format: string, what: string, options?: ErrorOptions): ImageError {
  return new ImageError("damaged", `Cannot read the ${format} image: ${what}`, options);
}

/** A file that asks for more work than an image of its kind is worth. */
export function excessive(format: string, what: string): ImageError {
  return new ImageError("too-large", `Cannot read the ${format} image: ${what}`);
}

/** A file that is whole, but of a kind that cannot be read. */
export function unsupported(format: string, what: string): ImageError {
  return new ImageError("format", `Cannot read the ${format} image: ${what}`);
}
