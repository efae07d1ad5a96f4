import { expect, test } from "vitest";
import { queryOf, stateOf } from "./address.ts";

test("a state is what its address says", () => {
  const state = {
    network: "googlenet-bvlc",
    method: "occlusion",
    target: "tabby, tabby cat (281)",
    sample: "Street & dog",
    options: { stride: "8", window: "32" },
  };
  expect(stateOf(queryOf(state))).toEqual(state);
});

test("what is empty is not in the address", () => {
  const empty = { network: "", method: "", target: "", sample: "", options: {} };
  expect(queryOf(empty)).toBe("");
  expect(stateOf("")).toEqual(empty);
});
