import { runMethod } from "../../shared/contract/run_method.ts";
import { afterAll, describe, expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { TRAINING_ARTISTS } from "../../scripts/glyphnet/drawings/artists.ts";
import { loadGlyphs } from "../../scripts/glyphnet/drawings/glyph_library.ts";
import { renderScene } from "../../scripts/glyphnet/drawings/scene.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { measureInfo } from "../../shared/methods/measures.ts";
import type { Json, Method, MethodInputs } from "../../shared/contract/method.ts";
import { manifestFor, preprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { loadMethod, methods } from "../../shared/methods/registry.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";
import { otherBackends } from "../other_backends.ts";
import { VIT, vitNet } from "../transformers.ts";

/**
 * Largest difference that rounding explains: the norm of the difference over the norm of the array.
 * One run differs by 1e-6 and less. Few steps are made because steps multiply it: Adam moves a pixel
 * by as much however small its gradient is, so that one whose gradient is only rounding goes either
 * way.
 */
const TOLERANCE = 1e-4;

/** Share of whole numbers that may differ: of two that are equal up to rounding, either is first. */
const TIES = 0.01;

/** A few steps of each method. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "activations": { layer: "relu3" },
  "adversarial": { target: "second", steps: "8" },
  "attention": { layer: "0" },
  "cam": { target: "top5", guided: "true" },
  "class-model": { target: "owl", steps: "4" },
  "classify": {},
  "deep-dream": { layer: "relu3", octaves: "2", iterations: "2" },
  "embedding": { method: "pca" },
  "gradient": { rule: "guided", samples: "2" },
  "integrated-gradients": { steps: "4", baseline: "blur" },
  "inversion": { layer: "conv3", prior: "published", restarts: "1", steps: "4" },
  "lrp": { rule: "composite", layer: "conv3", channels: "2" },
  "neuron": { unit: "conv3:5", steps: "4", patches: "2" },
  "occlusion": { window: "24", stride: "24" },
  "patches": { layer: "conv3", channels: "0-7", count: "3" },
  "segment": { views: "2" },
  "similarity": { layer: "conv3" },
  "style": { steps: "4" },
  "weights": { layer: "conv1" },
};

const source = await openModel("glyphnet");
const wasm = await openNetwork(source, { backend: "wasm" });
afterAll(() => wasm.dispose());

/** A network for what convolutions do not have. */
const transformer = {
  manifest: manifestFor({ path: "transformer.onnx", height: VIT.height, width: VIT.width }),
  bytes: vitNet(),
};
const attending = await openNetwork(transformer, { backend: "wasm" });
afterAll(() => attending.dispose());
const networkFor = (id: string): Network => id === "attention" ? attending : wasm;

const library = await loadGlyphs(TRAINING_ARTISTS);
const scenes = Array.from({ length: 10 }, (_, i) => {
  const { image } = renderScene(library, 5, i, {});
  return preprocess(image, source.manifest.input);
});
const [image, guide] = scenes;
const patches = { ...image, tensor: randomTensor(attending.inputDims, 5) };
const corpus = {
  count: scenes.length,
  nameOf: (index: number) => `scene ${index}`,
  read: (index: number) => Promise.resolve(scenes[index]),
};

/** Methods that have a use for a second image whatever their target is. */
const GUIDED: ReadonlySet<string> = new Set(["deep-dream", "similarity", "style"]);

/** What a method takes of all that there is. */
const inputsFor = ({ id, takes }: Method): MethodInputs => ({
  ...takes.image && { image: id === "attention" ? patches : image },
  ...GUIDED.has(id) && { guide },
  ...takes.corpus && { corpus },
});

/** How far apart two arrays are, and at most may be. */
function compare(actual: Tensor, expected: Tensor): { apart: number; tolerance: number } {
  const [a, b] = [actual, expected].map(({ data }) => Array.from(data as Float32Array, Number));
  if (expected.type !== "float32") {
    return { apart: a.filter((value, i) => value !== b[i]).length / b.length, tolerance: TIES };
  }
  const apart = Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...b);
  return { apart, tolerance: TOLERANCE };
}

/** Keys of measures, nested ones included; those of `names` are the user's own. */
function keysOf(measures: Json): string[] {
  if (Array.isArray(measures)) return measures.flatMap(keysOf);
  if (typeof measures !== "object" || measures === null) return [];
  return Object.entries(measures).flatMap(([key, value]) =>
    key === "names" ? [key] : [key, ...keysOf(value)]
  );
}

test.each(methods)("each measure of $id has a label and a sentence", async ({ id }) => {
  const method = await loadMethod(id);
  const more: Record<string, string> = id === "gradient"
    ? { sanity: "true", samples: "1", evaluate: "true" }
    : {};
  const options = parseOptions(method.options, { ...OPTIONS[id], ...more });
  const network = networkFor(id);
  const { measures } = await runMethod(method, network, inputsFor(method), options, {});
  const untold = keysOf(measures).filter((key) => measureInfo(key) === undefined);
  expect([...new Set(untold)]).toEqual([]);
});

test("every method is compared on all backends", () => {
  expect(Object.keys(OPTIONS)).toEqual(methods.map(({ id }) => id));
});

describe.each(await otherBackends())("on $title and on WASM", ({ backend, isMissing }) => {
  const network = isMissing ? undefined : openNetwork(source, { backend });
  afterAll(async () => (await network)?.dispose());

  test.skipIf(isMissing)("the networks run on two backends", async () => {
    expect([wasm.backend, (await network)!.backend]).toEqual(["wasm", backend]);
  });

  test.skipIf(isMissing).each(methods)("$id is the same", async ({ id }) => {
    if (id !== "attention") return await compareRuns(id, wasm, (await network)!);
    await using other = await openNetwork(transformer, { backend });
    await compareRuns(id, networkFor(id), other);
  });
});

async function compareRuns(id: string, wasm: Network, other: Network): Promise<void> {
  const method = await loadMethod(id);
  const options = parseOptions(method.options, OPTIONS[id]);
  const run = (network: Network) => runMethod(method, network, inputsFor(method), options, {});
  const [expected, actual] = [await run(wasm), await run(other)];
  const names = Object.keys(expected.arrays);
  expect(names.length).toBeGreaterThan(0);
  expect(Object.keys(actual.arrays)).toEqual(names);
  for (const name of names) {
    const { type, dims, data } = expected.arrays[name];
    expect(actual.arrays[name], name).toMatchObject({ type, dims });
    expect((data as Float32Array).some((value) => value !== 0), name).toBe(true);
    const { apart, tolerance } = compare(actual.arrays[name], expected.arrays[name]);
    expect(apart, name).toBeLessThanOrEqual(tolerance);
  }
}
