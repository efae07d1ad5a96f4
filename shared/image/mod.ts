/**
 * Images: decode, encode, resize, colour, lay over, arrange and label. Knows no network.
 *
 * @module
 */
export * from "./image.ts";
export * from "./colormap.ts";
export * from "./crop.ts";
export * from "./decode_image.ts";
export * from "./encode_animation.ts";
export * from "./encode_image.ts";
export * from "./heatmap.ts";
export { FORMATS, type ImageFormat, type ImageHeader, readImageHeader } from "./image_header.ts";
export { ImageError, type ImageFault } from "./image_error.ts";
export * from "./montage.ts";
export * from "./resize.ts";
