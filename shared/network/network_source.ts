import type { Manifest } from "../models/mod.ts";

/** What has to be known of a network beside its file. */
export type NetworkManifest = Pick<
  Manifest,
  "id" | "input" | "outputs" | "layers" | "autoLayers"
>;

/** A named place on the way from input to output. */
export type Layer = NonNullable<Manifest["layers"]>[number];

export interface NetworkSource {
  readonly manifest: NetworkManifest;
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** Names of the classes, in the order of the scores. @default "class 0", "class 1", ... */
  readonly labels?: readonly string[];
}
