/**
 * How far to trust a map: numbers that compare maps with each other, with where the object is, and
 * with what the network does when the image changes. Runs no network by itself.
 *
 * @module
 */
export * from "./average_precision.ts";
export { blurForInsertion } from "../image/blur.ts";
export * from "./change_curve.ts";
export * from "./points_at.ts";
export * from "./spearman.ts";
export * from "./ssim.ts";
