import { CHANNELS, type Manifest, parseManifest } from "./manifest.ts";

export interface ManifestOptions {
  /** Path of the .onnx file; its name without folder and ending becomes the id. */
  readonly path: string;
  readonly height: number;
  readonly width: number;
  /** @default the input's short side divided by 0.875, as in most ImageNet networks */
  readonly shortSide?: number;
  /** @default "RGB" */
  readonly channelOrder?: "RGB" | "BGR" | "GRAY";
  /** @default 1 / 255 */
  readonly scale?: number;
  /** @default 0 for every plane */
  readonly mean?: readonly number[];
  /** @default 1 for every plane */
  readonly std?: readonly number[];
}

const CROPPED_SHARE = 0.875;

/**
 * A manifest for a network of the user's own: the image's way into it from options, everything
 * else found in its graph.
 *
 * @throws {SyntaxError} If an option is out of range.
 */
export function manifestFor(options: ManifestOptions): Manifest {
  const { path, height, width, channelOrder = "RGB", scale = 1 / 255 } = options;
  const shortSide = options.shortSide ?? Math.round(Math.min(height, width) / CROPPED_SHARE);
  const planes = CHANNELS[channelOrder];
  const input = {
    height,
    width,
    resize: { shortSide, filter: "bilinear" },
    channelOrder,
    scale,
    mean: options.mean ?? Array(planes).fill(0),
    std: options.std ?? Array(planes).fill(1),
  };
  return userManifest({ input }, path, `for ${path}`);
}

/**
 * A manifest that a user wrote for a network of their own. Only `input` has to be there.
 *
 * @param path Path of the .onnx file.
 * @param source Where the manifest was read, for the message.
 * @throws {SyntaxError} If it is not a manifest.
 */
export function userManifest(stated: unknown, path: string, source: string): Manifest {
  const title = path.replace(/^.*[\\/]/, "").replace(/\.onnx$/i, "");
  const isObject = typeof stated === "object" && stated !== null && !Array.isArray(stated);
  return parseManifest(
    !isObject ? stated : {
      id: title.replace(/[^\w.-]+/g, "-") || "network",
      title,
      source: { path },
      sha256: null,
      bytes: null,
      licence: { name: "unknown", url: null },
      homepage: null,
      provenance: "the user's own file",
      ...stated,
    },
    source,
  );
}
