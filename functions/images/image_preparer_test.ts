import { expect, test } from "vitest";
import { encodePng } from "../../shared/image/encode_image.ts";
import { listModels } from "../../models/mod.ts";
import { ImagePreparer } from "./image_preparer.ts";

const [{ input }] = await listModels();
const size = { width: 64, height: 48 };
const pixels = (level: number) =>
  new Uint8ClampedArray(4 * size.width * size.height).map((_, i) => i % 4 === 3 ? 255 : level);
const request = (level: number, sourceSide = 48) => ({
  bytes: encodePng({ ...size, data: pixels(level) }),
  maxPixels: 1e6,
  input,
  sourceSide,
});
const { signal } = new AbortController();

test("an image that is asked for again is the same one, with numbers of its own", async () => {
  const images = new ImagePreparer();
  const first = await images.prepare(request(10), signal);
  const numbers = [...first.tensor.data];
  first.tensor.data.fill(NaN);
  const again = await images.prepare(request(10), signal);
  expect(again.placement!.source).toBe(first.placement!.source);
  expect([...again.tensor.data]).toEqual(numbers);
});

test("another image, or another way to prepare it, is prepared anew", async () => {
  const images = new ImagePreparer();
  const first = await images.prepare(request(10), signal);
  const other = await images.prepare(request(200), signal);
  const smaller = await images.prepare(request(10, 24), signal);
  expect(other.tensor.data[0]).not.toBe(first.tensor.data[0]);
  expect(first.placement!.source.width).toBe(48);
  expect(smaller.placement!.source.width).toBe(24);
});

test("two images are kept, the last that were used", async () => {
  const images = new ImagePreparer();
  const sourceOf = async (level: number) =>
    (await images.prepare(request(level), signal)).placement!.source;
  const [one, two] = [await sourceOf(1), await sourceOf(2)];
  expect(await sourceOf(1)).toBe(one);
  const three = await sourceOf(3);
  expect([await sourceOf(1), await sourceOf(3)]).toEqual([one, three]);
  expect(await sourceOf(2)).not.toBe(two);
});
