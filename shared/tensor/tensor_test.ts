import { expect, test } from "vitest";
import { elementCount, float32 } from "./tensor.ts";

test("elementCount() of a scalar is one", () => {
  expect(elementCount([])).toBe(1);
  expect(elementCount([2, 3, 4])).toBe(24);
});

test("float32() refuses a shape that does not fit", () => {
  expect(() => float32(new Float32Array(5), [2, 3])).toThrow(
    "Cannot shape 5 elements as [2,3]: that holds 6",
  );
});
