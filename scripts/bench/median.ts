import { quantile } from "./quantile.ts";

/** The middle of the sorted values; the upper of two. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
