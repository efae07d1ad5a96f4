/**
 * Images that are optimised: how they are written, looked at, kept natural and improved. Knows
 * gradients and manifests, and no method.
 *
 * @module
 */
export * from "./adam_step.ts";
export * from "./blur_planes.ts";
export * from "./ascend.ts";
export * from "./fourier_ascent.ts";
export * from "./fourier_inversion.ts";
export * from "./inversion_ascent.ts";
export type { Inverted } from "./inverted.ts";
export * from "./level_space.ts";
export * from "./mean_variation.ts";
export * from "./mid_grey.ts";
export * from "./natural_noise.ts";
export { PIXEL_OPTIMIZERS } from "./image_ascent.ts";
export * from "./random_shift.ts";
export * from "./random_view.ts";
export * from "./roll.ts";
export * from "./simonyan_ascent.ts";
export * from "./style_ascent.ts";
export * from "./view.ts";
export * from "./yosinski_ascent.ts";
export * from "./yosinski_recipes.ts";
export * from "./percentile.ts";
