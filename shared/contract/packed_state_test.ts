import { expect, test } from "vitest";
import { packState, unpackState } from "./packed_state.ts";

const arrays = () => [new Float32Array(3), new Int32Array(2)];

test("unpackState() restores what was packed", () => {
  const bytes = packState("köy", 7, [Float32Array.of(1, NaN, -2.5), Int32Array.of(-1, 9)]);
  const restored = arrays();
  expect(unpackState(bytes, "köy", restored)).toBe(7);
  expect(restored).toEqual([Float32Array.of(1, NaN, -2.5), Int32Array.of(-1, 9)]);
});

test("a state of something else, or a damaged one, is as if there were none", () => {
  const bytes = packState("key", 7, [Float32Array.of(1, 2, 3), Int32Array.of(4, 5)]);
  const damaged = [undefined, bytes.subarray(0, 3), bytes.subarray(0, 9), bytes.subarray(0, -1)];
  for (const state of [...damaged, new Uint8Array(40)]) {
    const untouched = arrays();
    expect(unpackState(state, "key", untouched)).toBe(0);
    expect(untouched).toEqual(arrays());
  }
  expect(unpackState(bytes, "other", arrays())).toBe(0);
});
