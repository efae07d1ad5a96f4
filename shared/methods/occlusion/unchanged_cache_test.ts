import { expect, test } from "vitest";
import { float32 } from "../../tensor/tensor.ts";
import { UnchangedCache } from "./unchanged_cache.ts";

const maps = (bytes: number) => ({ x: float32(new Float32Array(bytes / 4), [bytes / 4]) });

test("UnchangedCache keeps what was used last, as far as it fits", async () => {
  const cache = new UnchangedCache(100);
  const made: string[] = [];
  const get = (key: string, bytes: number) =>
    cache.get(key, () => {
      made.push(key);
      return Promise.resolve(maps(bytes));
    });
  await get("a", 40);
  await get("b", 40);
  await get("a", 40);
  await get("c", 40);
  expect(cache.bytes).toBe(80);
  await get("a", 40);
  await get("b", 40);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("UnchangedCache keeps the last entry, however large, and no failure", async () => {
  const cache = new UnchangedCache(100);
  await cache.get("small", () => Promise.resolve(maps(8)));
  const large = await cache.get("large", () => Promise.resolve(maps(1000)));
  expect(cache.bytes).toBe(1000);
  expect(await cache.get("large", () => Promise.reject(new Error("made twice")))).toBe(large);
  await expect(cache.get("bad", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(Object.keys(await cache.get("bad", () => Promise.resolve(maps(4))))).toEqual(["x"]);
});
