/**
 * What is wrong with a picture: not a format that can be read, a file that is broken, or more
 * pixels than allowed.
 */
export type ImageFault = "format" | "damaged" | "too-large";

/** A picture that cannot be used; the message says why and what would be valid. */
export class ImageError extends Error {
  override readonly name = "ImageError";

  constructor(readonly fault: ImageFault, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** A file of `format` that is broken. */
export function damaged(format: string, what: string, options?: ErrorOptions): ImageError {
  return new ImageError("damaged", `Cannot read the ${format} picture: ${what}`, options);
}

/** A file that is whole, but of a kind that cannot be read. */
export function unsupported(format: string, what: string): ImageError {
  return new ImageError("format", `Cannot read the ${format} picture: ${what}`);
}
