import { expect, test } from "vitest";
import { commandOf } from "./command.ts";
import { type UnitSheet, unitsOfSheet } from "./unit_sheets.ts";

const image = (file: string) => ({ file, bytes: 1, sha256: "00", width: 96, height: 96 });

const sheet: UnitSheet = {
  id: "0123456789abcdef0123",
  set: "units",
  recipe: {
    model: { id: "small", sha256: "00" },
    method: "neuron",
    version: 1,
    options: { unit: "fire5:32-33", canvas: "field", seed: 0 },
    inputs: {},
  },
  backend: "wasm",
  measures: {
    unit: "fire5:32-33",
    layer: "fire5/concat",
    place: "everywhere",
    recipe: "fourier-fast",
    channels: [32, 33],
    images: [{ channel: 32, activation: 1.5 }, { channel: 33, activation: 2.5 }],
  },
  figures: {},
  layers: [],
  images: {
    "sheet": image("sheet.webp"),
    "neuron-32": image("32.webp"),
    "neuron-33": image("33.webp"),
  },
  files: {},
  arrays: {},
  timings: {},
  layer: "fire5",
  channels: [32, 33],
};

test("a unit of a sheet is the figure that the same options make of it alone", () => {
  const [, unit] = unitsOfSheet(sheet);
  expect(Object.values(unit.images).map(({ file }) => file)).toEqual(["33.webp"]);
  expect(unit.measures).toEqual({
    unit: "fire5:33",
    layer: "fire5/concat",
    place: "everywhere",
    recipe: "fourier-fast",
    channel: 33,
    activation: 2.5,
  });
  expect(commandOf(unit)).toContain("--unit fire5:33 --canvas field");
});
