/**
 * How far to trust a map: numbers that compare maps with each other, with where the object is, and
 * with what the network does when the picture changes. Runs no network by itself.
 *
 * @module
 */
export * from "./spearman.ts";
