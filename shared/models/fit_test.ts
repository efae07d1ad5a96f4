import { expect, test } from "vitest";
import { decodeImage } from "../image/decode_image.ts";
import { encodeJpeg } from "../image/encode_image.ts";
import type { Image } from "../image/image.ts";
import { fitted } from "./fit.ts";
import { manifestFor } from "./manifest_for.ts";
import { preprocessPlaced } from "./preprocess.ts";

const { input } = manifestFor({ path: "x.onnx", height: 4, width: 4 });

/** Each pixel's red is its column, its green its row. */
function image(width: number, height: number): Image {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width)], 4 * i);
  return { width, height, data };
}

test.each(
  [
    ["crop", { left: 2.4, top: 0, width: 3.2, height: 3.2 }],
    ["pad", { left: 0, top: -2, width: 8, height: 8 }],
    ["stretch", { left: 0, top: 0, width: 8, height: 4 }],
  ] as const,
)("%s: the input's place in an image of 8 x 4", (fit, at) => {
  const { placement } = preprocessPlaced(image(8, 4), fitted(input, { fit }));
  for (const side of ["left", "top", "width", "height"] as const) {
    expect(placement.at[side]).toBeCloseTo(at[side], 9);
  }
});

test("padding is what is zero to the network", () => {
  const padded = fitted({ ...input, mean: [10, 20, 30], scale: 1 }, { fit: "pad" });
  const { tensor: { data } } = preprocessPlaced(image(8, 4), padded);
  expect([...data.subarray(0, 4), ...data.subarray(12, 20)]).toEqual(new Array(12).fill(0));
});

test("a short side is scaled, then the centre is cut out", () => {
  const { placement } = preprocessPlaced(
    image(8, 8),
    fitted(input, { fit: "crop", "short-side": 8 }),
  );
  expect(placement.at).toEqual({ left: 2, top: 2, width: 4, height: 4 });
});

test("a large source is shrunk for figures, not for the network", () => {
  const large = image(64, 32);
  const { placement: { source, at }, tensor } = preprocessPlaced(
    large,
    fitted(input, { fit: "stretch" }),
    16,
  );
  expect([source.width, source.height]).toEqual([16, 8]);
  expect(at).toEqual({ left: 0, top: 0, width: 16, height: 8 });
  expect(tensor).toEqual(preprocessPlaced(large, fitted(input, { fit: "stretch" })).tensor);
});

test.each(
  [
    [{ fit: "pad", "short-side": 8 }, 'goes with "crop", not with "pad"'],
    [{ "short-side": 3 }, "a short side of 3 is smaller than the input, 4 x 4"],
  ] as const,
)("%o is refused", (options, message) => {
  expect(() => fitted(input, options)).toThrow(message);
});

test("the source of a photo can be sent to another thread", async () => {
  const photo = await decodeImage(await encodeJpeg(image(12, 8)));
  const { placement: { source } } = preprocessPlaced(photo, input);
  expect(structuredClone(source)).toEqual({ width: 12, height: 8, data: source.data });
});
