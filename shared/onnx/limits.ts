/**
 * What a network may ask for. Each is far beyond any real one, and keeps a small file from taking
 * minutes or all memory; everything within them takes time in proportion.
 *
 * @module
 */

/** Axes of a tensor. */
export const MAX_RANK = 64;

/** Nodes of one graph or function. The largest networks in use have 3,000. */
export const MAX_NODES = 50_000;

/** Values that one node reads, or makes. */
export const MAX_VALUES = 10_000;

/** Elements of a tensor; as float32 they take 1 GiB, of 4 GiB that WebAssembly can address. */
export const MAX_ELEMENTS = 2 ** 28;

/** Extent of a kernel, stride, dilation or pad that is allowed however small the input is. */
export const FREE_WINDOW = 256;

/** Bytes of a network's weights in all, as protobuf allows for one file. */
export const MAX_WEIGHT_BYTES = 2 ** 31;
