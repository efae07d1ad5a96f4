/**
 * What has to be known of a network beside its file: manifests, labels, and an image's way into
 * the network and back.
 *
 * @module
 */
export * from "./hub_config.ts";
export * from "./labels.ts";
export * from "./labels_text.ts";
export * from "./manifest.ts";
export * from "./manifest_for.ts";
export * from "./near_names.ts";
export * from "./preprocess.ts";
export * from "./resolve_class.ts";
export * from "./sha256.ts";
