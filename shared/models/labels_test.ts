import { expect, test } from "vitest";
import { sameClass } from "./labels.ts";

const LABELS = ["crane", "goose", "crane", "lemon"];

test("a class is found in a network with a background before its classes", () => {
  const others = ["background", ...LABELS];
  expect(LABELS.map((_, index) => sameClass(index, LABELS, others))).toEqual([1, 2, 3, 4]);
});

test("a class is found in a network with another order", () => {
  const others = ["lemon", "crane", "goose", "crane"];
  expect(LABELS.map((_, index) => sameClass(index, LABELS, others))).toEqual([1, 2, 3, 0]);
});

test("networks with the same classes agree", () => {
  expect(LABELS.map((_, index) => sameClass(index, LABELS, LABELS))).toEqual([0, 1, 2, 3]);
});

test("a class that the other network lacks is named", () => {
  expect(() => sameClass(3, LABELS, ["crane", "goose"]))
    .toThrow('Cannot find the class "lemon" among the 2 of the other');
});
