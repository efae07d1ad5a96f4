import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../contract/method.ts";
import { canonicalJson, figureId, type Recipe } from "./recipe.ts";

const recipe: Recipe = {
  model: { id: "glyphnet", sha256: "00" },
  method: "class-model",
  version: 1,
  options: { target: "owl", steps: 10 },
  inputs: {},
};

test("canonicalJson() is JSON, whatever the order of keys", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
  }));
  expect(canonicalJson({ b: [1, { d: 2, c: "x" }], a: null })).toBe(
    '{"a":null,"b":[1,{"c":"x","d":2}]}',
  );
});

test("canonicalJson() refuses what JSON has no word for", () => {
  expect(() => canonicalJson({ a: NaN })).toThrow("Cannot write NaN as JSON");
});

test("an id follows from the content, not from the order of keys", async () => {
  const id = await figureId(recipe);
  expect(id).toMatch(/^[0-9a-f]{20}$/);
  const { model, ...rest } = recipe;
  expect(await figureId({ ...rest, model })).toBe(id);
  // echo -n '<canonical text>' | sha256sum
  const text =
    '{"inputs":{},"method":"class-model","model":{"id":"glyphnet","sha256":"00"},"options":{"steps":10,' +
    '"target":"owl"},"version":1}';
  expect(canonicalJson(recipe as unknown as Json)).toBe(text);
});

test("every part of a recipe changes the id", async () => {
  const others: Partial<Recipe>[] = [
    { model: { id: "glyphnet", sha256: "01" } },
    { method: "neuron" },
    { version: 2 },
    { options: { target: "owl", steps: 11 } },
    { inputs: { image: { name: "sample/owl.png", sha256: "02" } } },
    { judge: { id: "glyphnet-b", sha256: "03" } },
  ];
  const ids = await Promise.all([{}, ...others].map((part) => figureId({ ...recipe, ...part })));
  expect(new Set(ids).size).toBe(ids.length);
});
