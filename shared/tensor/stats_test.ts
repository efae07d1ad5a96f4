import { expect, test } from "vitest";
import { percentile } from "./stats.ts";

test.each([[0, 1], [50, 3], [100, 10], [25, 2], [90, 8], [37.5, 2.5]])(
  "percentile() %f is %f",
  (percent, expected) => {
    expect(percentile(Float32Array.of(10, 2, 3, 1, 5), percent)).toBeCloseTo(expected, 6);
  },
);
