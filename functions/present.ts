import type { ArrayLink, FileLink, ImageLink } from "../shared/api/mod.ts";
import { encodePng } from "../shared/image/encode_image.ts";
import type { Image } from "../shared/image/image.ts";
import { encodeNpy } from "../shared/tensor/npy.ts";
import type { Tensor } from "../shared/tensor/tensor.ts";

/** The image as a data URL. */
export function imageLink(image: Image): ImageLink {
  const { width, height } = image;
  return { width, height, url: dataUrl("image/png", encodePng(image)) };
}

/** The array as a data URL of a .npy file. */
export function arrayLink(tensor: Tensor): ArrayLink {
  const { type, dims } = tensor;
  return { type, dims, url: dataUrl("application/octet-stream", encodeNpy(tensor)) };
}

const TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  svg: "image/svg+xml",
  webp: "image/webp",
};

/** The file as a data URL of the type that its name's ending says. */
export function fileLink(bytes: Uint8Array, name: string): FileLink {
  const type = TYPES[name.split(".").at(-1)!] ?? "application/octet-stream";
  return { bytes: bytes.length, url: dataUrl(type, bytes) };
}

const dataUrl = (type: string, bytes: Uint8Array) => `data:${type};base64,${bytes.toBase64()}`;
