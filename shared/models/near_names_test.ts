import { expect, test } from "vitest";
import { nearNames } from "./near_names.ts";

const names = ["conv1", "conv2", "pool1", "inception_4a/output", "inception_4b/output"];

test("nearNames() puts names that contain the query first, whatever the case", () => {
  expect(nearNames("4A", names, 1)).toEqual(["inception_4a/output"]);
});

test("nearNames() then counts edits", () => {
  expect(nearNames("covn1", names, 2)).toEqual(["conv1", "conv2"]);
});

test("nearNames() names each once", () => {
  expect(nearNames("a", ["a", "a", "b"])).toEqual(["a", "b"]);
});
