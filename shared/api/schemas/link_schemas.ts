import { z } from "zod";

/** `T` with everything in it readonly: what a schema promises, and nobody changes. */
export type Immutable<T> = T extends string | number | boolean | null | undefined ? T
  : T extends readonly unknown[] ? { readonly [Index in keyof T]: Immutable<T[Index]> }
  : T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> }
  : T;

const side = z.int().positive().meta({ unit: "pixels" });

/** An image as a PNG. */
export const imageLinkSchema = z.strictObject({
  width: side,
  height: side,
  url: z.string().startsWith("data:image/png;base64,"),
}).meta({ id: "Image" });

/** An array as a NumPy file. */
export const arrayLinkSchema = z.strictObject({
  type: z.string().describe("Element type, as ONNX Runtime spells it."),
  dims: z.array(z.int().nonnegative()),
  url: z.string().startsWith("data:application/octet-stream;base64,").describe("A .npy file."),
}).meta({ id: "Array" });

/** A file of another kind. */
export const fileLinkSchema = z.strictObject({
  bytes: z.int().nonnegative(),
  url: z.string().startsWith("data:").describe("`data:<type>;base64,...`"),
}).meta({ id: "File" });

export type ImageLink = Immutable<z.infer<typeof imageLinkSchema>>;
export type ArrayLink = Immutable<z.infer<typeof arrayLinkSchema>>;
export type FileLink = Immutable<z.infer<typeof fileLinkSchema>>;
