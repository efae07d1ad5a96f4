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

test("resolveClass() takes a label, a synonym, words, or a beginning", () => {
  const cases: [string, number][] = [
    ["tabby, tabby cat", 0],
    ["TABBY CAT", 0],
    ["tiger", 2],
    ["tiger c", 1],
    ["Panthera tigris", 2],
    ["dra", 4],
    ["suit", 6],
    ["ray", 7],
    ["pan", 2],
    ["crampf", 7],
  ];
  for (const [requested, index] of cases) {
    expect(resolveClass(requested, labels), requested).toBe(index);
  }
});

test("resolveClass() names the classes when several fit", () => {
  expect(() => resolveClass("crane", labels)).toThrow(
    'Cannot tell which class "crane" is: it fits "crane" (3), "crane" (5), expected an index',
  );
  expect(() => resolveClass("t", labels)).toThrow(RangeError);
});

test("resolveClass() takes no beginning of another word where whole words fit", () => {
  const animals = ["tabby, tabby cat", "Egyptian cat", "catamaran", "Eskimo dog, husky", "dogsled"];
  expect(() => resolveClass("cat", animals)).toThrow(
    'Cannot tell which class "cat" is: it fits "tabby, tabby cat" (0), "Egyptian cat" (1), expected',
  );
  expect(resolveClass("dog", animals)).toBe(3);
  expect(resolveClass("dogs", animals)).toBe(4);
  expect(resolveClass("husky", animals)).toBe(3);
});

test("resolveClass() lists synonyms that two classes share", () => {
  expect(() => resolveClass("panther", ["leopard, panther", "cougar, panther"])).toThrow(
    '"leopard, panther" (0), "cougar, panther" (1)',
  );
});

test("resolveClass() names close matches when none fits", () => {
  expect(() => resolveClass("tigre", labels)).toThrow(
    /^Cannot find the class "tigre": no label fits, did you mean "tiger, Panthera tigris" \(2\)/,
  );
  expect(() => resolveClass("", labels)).toThrow(RangeError);
  expect(() => resolveClass("ab", labels)).toThrow('"tabby, tabby cat" (0)');
});
