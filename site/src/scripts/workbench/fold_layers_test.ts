import { expect, test } from "vitest";
import { foldLayers, type LayerItem } from "./fold_layers.ts";

const shown = (items: readonly LayerItem[]): unknown[] =>
  items.map((item) => "items" in item ? [item.name, ...shown(item.items)] : item.alias);

const folded = (...aliases: string[]) =>
  shown(foldLayers(aliases.map((alias) => ({ alias, tensor: alias }))));

test("layers are folded by the parts of their names, in the order of the graph", () => {
  expect(folded("stem", "layer1.0.conv1", "layer1.0.conv2", "layer1.1.conv1", "pool", "layer2.0"))
    .toEqual([
      "stem",
      ["layer1", ["0", "layer1.0.conv1", "layer1.0.conv2"], "layer1.1.conv1"],
      "pool",
      "layer2.0",
    ]);
  expect(folded("/features/0/Conv", "/features/0/Relu", "/head/Gemm"))
    .toEqual([["features/0", "/features/0/Conv", "/features/0/Relu"], "/head/Gemm"]);
});

test("names without a hierarchy stay a list", () => {
  expect(folded("conv1", "conv2")).toEqual(["conv1", "conv2"]);
  expect(folded()).toEqual([]);
});
