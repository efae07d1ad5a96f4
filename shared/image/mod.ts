/**
 * Images: decode, encode, resize, colour, lay over, arrange and label. Knows no network.
 *
 * @module
 */
export * from "./blank.ts";
export * from "./colormap.ts";
export * from "./crop.ts";
export * from "./decode_image.ts";
export * from "./encode_animation.ts";
export * from "./encode_jpeg.ts";
export * from "./encode_png.ts";
export * from "./encode_webp.ts";
export * from "./enlarge.ts";
export * from "./flatten_alpha.ts";
export * from "./format_number.ts";
export * from "./heatmap.ts";
export type * from "./image.ts";
export { FORMATS, type ImageFormat, type ImageHeader, readImageHeader } from "./image_header.ts";
export { ImageError, type ImageFault } from "./image_error.ts";
export * from "./is_opaque.ts";
export * from "./montage.ts";
export * from "./overlay.ts";
export * from "./size_quantile.ts";
export * from "./resize.ts";
export * from "./sample_grid.ts";
export * from "./to_grey.ts";
