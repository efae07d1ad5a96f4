import { expect, test } from "vitest";
import { outlinePath } from "./outline_path.ts";

test("the border of a mask runs along the sides of its pixels", () => {
  expect(outlinePath(Uint8Array.of(0, 1, 0, 1), 2, 2, 10, 1)).toBe(
    "M10 0L20 0M10 2L20 2M10 0L10 2M20 0L20 2",
  );
  expect(outlinePath(new Uint8Array(4), 2, 2, 1, 1)).toBe("");
});
