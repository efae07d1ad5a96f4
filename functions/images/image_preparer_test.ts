import { afterEach, expect, test, vi } from "vitest";
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

afterEach(() => vi.unstubAllGlobals());

/** Has workers that get no message, as many as are to be silent. */
function silence(workers: number): () => number {
  let made = 0;
  const { Worker } = globalThis;
  vi.stubGlobal(
    "Worker",
    class extends Worker {
      readonly #isSilent = made++ < workers;

      override postMessage(message: unknown): void {
        if (!this.#isSilent) super.postMessage(message);
      }
    },
  );
  return () => made;
}

test("a worker that never begins is ended, and another one asked", async () => {
  const made = silence(2);
  const images = new ImagePreparer({ silentMs: 50 });
  const { placement } = await images.prepare(request(10), signal);
  expect(placement!.source.width).toBe(48);
  expect(made()).toBe(3);
});

test("who waits behind an image that takes for ever can go", async () => {
  silence(Infinity);
  const images = new ImagePreparer({ silentMs: 10 });
  const [first, second] = [new AbortController(), new AbortController()];
  const stuck = images.prepare(request(10), first.signal);
  const waiting = images.prepare(request(20), second.signal);
  second.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  first.abort(new Error("over"));
  await expect(stuck).rejects.toThrow("over");
});
