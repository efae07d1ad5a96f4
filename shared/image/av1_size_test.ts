import { expect, test } from "vitest";
import { av1Size } from "./av1_size.ts";

/** The fields of a sequence header, as bits. */
const sequence = (...fields: [value: number, bits: number][]) => {
  const bits = fields.map(([value, count]) => value.toString(2).padStart(count, "0")).join("");
  return bits.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, "0"), 2));
};
const obu = (type: number, data: number[]) => [type << 3 | 2, data.length, ...data];
const SIZE: [number, number][] = [[10, 4], [9, 4], [1279, 11], [719, 10]];
const reduced = sequence([0, 3], [1, 1], [1, 1], [8, 5], ...SIZE);

test("av1Size() reads the size of a still image", () => {
  expect(av1Size(Uint8Array.from(obu(1, reduced)))).toEqual({ width: 1280, height: 720 });
  const delimited = [...obu(2, []), ...obu(15, [0, 0, 0]), ...obu(1, reduced)];
  expect(av1Size(Uint8Array.from(delimited))).toEqual({ width: 1280, height: 720 });
});

test("av1Size() reads the size of a film, behind timing and operating points", () => {
  const timing: [number, number][] = [[1, 1], [1, 32], [30, 32], [1, 1], [0b00101, 5]];
  const model: [number, number][] = [[1, 1], [9, 5], [1, 32], [3, 5], [3, 5]];
  const points: [number, number][] = [
    ...[[1, 1], [1, 5]] as [number, number][],
    ...[[1, 12], [9, 5], [1, 1], [1, 1], [5, 10], [6, 10], [0, 1], [1, 1], [3, 4]] as [
      number,
      number,
    ][],
    ...[[1, 12], [4, 5], [0, 1], [0, 1]] as [number, number][],
  ];
  const film = sequence([0, 3], [0, 1], [0, 1], ...timing, ...model, ...points, ...SIZE);
  expect(av1Size(Uint8Array.from(obu(1, film)))).toEqual({ width: 1280, height: 720 });
});

test("av1Size() finds none where there is no sequence header", () => {
  for (const bytes of [[], obu(6, [1, 2, 3]), [0x12], [0x0a]]) {
    const found = av1Size(Uint8Array.from(bytes));
    if (bytes[0] === 0x0a) expect(found).toEqual({ width: 1, height: 1 });
    else expect(found).toBeUndefined();
  }
});
