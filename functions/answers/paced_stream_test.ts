import { expect, test } from "vitest";
import { pacedStream } from "./paced_stream.ts";

/** Endless pieces, which are counted. */
function source() {
  const state = { made: 0, isClosed: false };
  async function* pieces() {
    try {
      for (;;) {
        state.made++;
        yield new Uint8Array(1024);
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, pieces: pieces() };
}

test("pacedStream() makes a piece only for a reader, and ends with it", async () => {
  const { state, pieces } = source();
  const ends: boolean[] = [];
  const stream = pacedStream(pieces, { seconds: 60, onEnd: (whole) => ends.push(whole) });
  const reader = stream.getReader();
  expect(state.made).toBe(0);
  await reader.read();
  await reader.read();
  expect(state.made).toBe(2);
  await reader.cancel();
  expect(ends).toEqual([false]);
  expect(state.isClosed).toBe(true);
});

test("pacedStream() gives up a reader that stalls", async () => {
  const { state, pieces } = source();
  const ended = Promise.withResolvers<boolean>();
  const reader = pacedStream(pieces, { seconds: 1, onEnd: ended.resolve }).getReader();
  await reader.read();
  expect(await ended.promise).toBe(false);
  expect(state.isClosed).toBe(true);
  await expect(reader.read()).rejects.toThrow("nobody reads it for 1 s");
});
