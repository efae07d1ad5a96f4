/**
 * The networks the project knows, and their files on this machine.
 *
 * @module
 */
export { findModel, listModels } from "./list_models.ts";
export { findUnlisted, listUnlisted, type UnlistedModel } from "./list_unlisted.ts";
export { locateModel } from "./locate_model.ts";
export { type OpenModel, openModel, type OpenModelOptions } from "./open_model.ts";
export { readLabels } from "./read_labels.ts";
