import { expect, test } from "vitest";
import { resolveClass } from "./resolve_class.ts";

const labels = [
  "tabby, tabby cat",
  "tiger cat",
  "tiger, Panthera tigris",
  "crane",
  "drake",
  "crane",
  "maillot, tank suit",
  "electric ray, crampfish",
];

test("resolveClass() takes an index", () => {
  expect(resolveClass("7", labels)).toBe(7);
  expect(resolveClass(" 0 ", labels)).toBe(0);
  for (const bad of ["8", "-1", "99999999999999999999"]) {
    expect(() => resolveClass(bad, labels)).toThrow(
      `Cannot find the class ${bad}: valid are 0 to 7, or a label`,
    );
  }
});

test("resolveClass() takes a label, a synonym, a beginning, or words", () => {
  const cases: [string, number][] = [
    ["tabby, tabby cat", 0],
    ["TABBY CAT", 0],
    ["tiger", 2],
    ["tiger c", 1],
    ["Panthera tigris", 2],
    ["dra", 4],
    ["suit", 6],
    ["ray", 7],
  ];
  for (const [wish, index] of cases) expect(resolveClass(wish, labels), wish).toBe(index);
});

test("resolveClass() names the classes when several fit", () => {
  expect(() => resolveClass("crane", labels)).toThrow(
    'Cannot tell which class "crane" is: it fits "crane" (3), "crane" (5)',
  );
  expect(() => resolveClass("t", labels)).toThrow(RangeError);
});

test("resolveClass() names close matches when none fits", () => {
  expect(() => resolveClass("tigre", labels)).toThrow(
    /^Cannot find the class "tigre": no label fits; near ones are "tiger, Panthera tigris" \(2\)/,
  );
  expect(() => resolveClass("", labels)).toThrow(RangeError);
  expect(() => resolveClass("ab", labels)).toThrow('"tabby, tabby cat" (0)');
});
