import { expect, test } from "vitest";
import { techniques } from "../techniques/registry.ts";
import { VERSIONS } from "./versions.ts";

test("every technique has a version, and nothing else has", () => {
  expect(Object.keys(VERSIONS).sort()).toEqual(techniques.map(({ id }) => id).sort());
});
