import { expect, test } from "vitest";
import { namesLayer, targetFor } from "./carry_over.ts";

test("a target keeps its name in another network, not its index", () => {
  const labels = ["bowl", "cup", "tench, Tinca tinca"];
  expect(targetFor("cup (3)", labels)).toBe("cup (1)");
  expect(targetFor("cup (1)", labels)).toBe("cup (1)");
  expect(targetFor("tench, Tinca tinca (0)", labels)).toBe("tench, Tinca tinca (2)");
  expect(targetFor("boat (2)", labels)).toBe("");
  expect(targetFor("cup - bowl", labels)).toBe("cup - bowl");
  expect(targetFor("2", labels)).toBe("2");
});

test("a unit is of a network if its layer is", () => {
  const layers = [{ alias: "conv1", tensor: "conv1/7x7:0" }, { alias: "conv12", tensor: "b" }];
  for (const text of ["conv1", "conv1:3", "conv12:3:4:5", "conv1/7x7:0", "b:1"]) {
    expect([text, namesLayer(text, layers)]).toEqual([text, true]);
  }
  for (const text of ["auto", "conv2", "conv", "conv13:1"]) {
    expect([text, namesLayer(text, layers)]).toEqual([text, false]);
  }
});
