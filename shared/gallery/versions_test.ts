import { expect, test } from "vitest";
import { methods } from "../methods/registry.ts";
import { VERSIONS } from "./versions.ts";

test("every method has a version, and nothing else has", () => {
  expect(Object.keys(VERSIONS).sort()).toEqual(methods.map(({ id }) => id).sort());
});
