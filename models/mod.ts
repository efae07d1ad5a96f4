/**
 * The networks the project knows, and their files on this machine.
 *
 * @module
 */
export { findModel, listModels, readLabels } from "./manifests.ts";
export { findUnlisted, listUnlisted, type UnlistedModel } from "./list_unlisted.ts";
export { locateModel } from "./folders.ts";
export { type OpenModel, openModel, type OpenModelOptions } from "./open_model.ts";
