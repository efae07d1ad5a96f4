import { expect, test } from "vitest";
import { maskImage } from "./mask_image.ts";

test("levels are the numbers of the objects", () => {
  const image = { width: 2, height: 1, data: new Uint8ClampedArray(8) };
  const mask = maskImage({ image, objects: [], main: 0, owner: Uint8Array.of(0, 2) });
  expect([...mask.data]).toEqual([0, 0, 0, 255, 2, 2, 2, 255]);
});
