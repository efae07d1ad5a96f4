/**
 * Images that are optimised: how they are written, looked at, kept natural and improved. Knows
 * gradients and manifests, and no method.
 *
 * @module
 */
export * from "./adam_step.ts";
export * from "./ascend.ts";
export * from "./fourier_ascent.ts";
export * from "./fourier_inversion.ts";
export * from "./inversion_ascent.ts";
export type { Inverted } from "./inverted.ts";
export * from "./level_space.ts";
export * from "./mean_variation.ts";
export * from "./start_image.ts";
export { PIXEL_OPTIMIZERS } from "./image_ascent.ts";
export * from "./view.ts";
export * from "./simonyan_ascent.ts";
export * from "./style_ascent.ts";
export * from "./yosinski_ascent.ts";
export * from "./yosinski_recipes.ts";
