/** On networks that people use, incremental inference gives the map of full inference. */
import { expect, test } from "vitest";
import { listModels, locateModel, openModel } from "../../models/mod.ts";
import { deprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import {
  evaluateTile,
  occlusionArrays,
  occlusionOptions,
  planOcclusion,
} from "../../shared/methods/occlusion/mod.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";
import { goldens } from "../data.ts";

const here = listModels()
  .filter((model) => model.outputs?.logits !== undefined && locateModel(model) !== undefined)
  .map(({ id }) => id);
console.log(`incremental inference is compared on: ${here.join(", ")}`);

/** A photo as the network sees it where there is one, else noise. */
function inputFor(id: string, dims: readonly number[]): Tensor<"float32"> {
  const photo = goldens && [...Deno.readDirSync(goldens)].some(({ name }) => name === id)
    ? [...Deno.readDirSync(`${goldens}/${id}`)].find(({ name }) => name.startsWith("coffee"))
    : undefined;
  if (photo === undefined) return randomTensor(dims, 5);
  const file = Deno.readFileSync(`${goldens}/${id}/${photo.name}/x.npy`);
  return decodeNpy(file) as Tensor<"float32">;
}

test.each(here)("incremental inference gives the same map: %s", async (id) => {
  await using network = await openNetwork(await openModel(id), { backend: "wasm" });
  const { inputDims: dims } = network;
  const tensor = inputFor(id, dims);
  const input = { tensor, image: deprocess(tensor, network.manifest.input) };
  const window = Math.round(dims[2] / 5);
  // Corners, borders and cut windows included, in phases that differ.
  const maps = [];
  for (const inference of ["full", "incremental"] as const) {
    const options = occlusionOptions.parse({ window, stride: window - 3, inference });
    const plan = await planOcclusion(network, input, options);
    const positions = [...Array(plan.rows * plan.columns).keys()];
    maps.push(occlusionArrays(plan, [await evaluateTile(network, plan, positions)]));
  }
  const [full, incremental] = maps;
  expect(incremental.topClass).toEqual(full.topClass);
  for (const name of ["scores", "attribution", "layerSum"] as const) {
    for (const column of name === "scores" ? [0, 1] : [undefined]) {
      const [a, b] = [incremental, full].map((arrays) =>
        Array.from(arrays[name]!.data).filter((_, i) => column === undefined || i % 2 === column)
      );
      const range = b.reduce((x, y) => Math.max(x, y)) - b.reduce((x, y) => Math.min(x, y));
      const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
      expect(worst / range, `${name} ${column ?? ""}`).toBeLessThan(1e-5);
    }
  }
});
