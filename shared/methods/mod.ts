/**
 * Every method, on any network and any image: open a file, run a method, draw its figures.
 *
 * @module
 */
export { checkInputs } from "../contract/run_method.ts";
export type * from "../contract/method.ts";
export { OptionError } from "../contract/parse_options.ts";
export {
  contextOf,
  type ContextOptions,
  runMethod,
  type RunMethodOptions,
} from "../contract/run_method.ts";
export { InputError } from "../errors.ts";
export { decodeImage, type Image, ImageError } from "../image/mod.ts";
export type { Manifest, ManifestInput, StatedInput } from "../models/mod.ts";
export type { Network, NetworkManifest, NetworkSource } from "../network/network.ts";
export { openNetwork, type OpenNetworkOptions } from "../network/open_network.ts";
export { configureRuntime, type RuntimeConfig } from "../runtime/mod.ts";
export { decodeNpy, encodeNpy } from "../tensor/npy.ts";
export type { Tensor } from "../tensor/tensor.ts";
export * from "./open_file.ts";
export * from "./registry.ts";
export * from "./run_on_image.ts";
