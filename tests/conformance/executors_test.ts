/** Every method gives the same to the last bit on workers as in this thread. */
import { expect, test } from "vitest";
import { InProcess } from "../../shared/compute/mod.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import type { Corpus, MethodInputs } from "../../shared/contract/method.ts";
import { deprocess, manifestFor } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { KERNEL_IDS, loadKernel } from "../../shared/methods/kernels.ts";
import { networkWorkers } from "../../shared/methods/network_workers.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { convNet, randomTensor } from "../networks.ts";

const SIDE = 16;
const source = {
  manifest: manifestFor({ path: "small.onnx", height: SIDE, width: SIDE }),
  bytes: convNet({ height: SIDE, width: SIDE }),
};

/** Options that make each kernel run, with several items. */
const CASES: readonly [method: string, options: Record<string, string>, kernel: string][] = [
  ["occlusion", { window: "4", stride: "2" }, "occlusion/tile"],
  ["occlusion", { window: "4", stride: "2", inference: "incremental" }, "occlusion/tile"],
  ["cam", { method: "scorecam", layer: "relu2", target: "top5" }, "cam/mask"],
  ["gradient", { samples: "6" }, "gradient/sample"],
  ["gradient", { sanity: "true", samples: "2" }, "gradient/random-weights"],
  [
    "integrated-gradients",
    { steps: "3", baseline: "noise", samples: "2" },
    "integrated-gradients/step",
  ],
  ["lrp", { layer: "relu1", channels: "4" }, "lrp/channel-map"],
  ["segment", { views: "6" }, "segment/view"],
  ["inversion", { layer: "relu1", restarts: "3", steps: "4" }, "inversion/restart"],
  ["class-model", { target: "1", count: "3", steps: "4" }, "synthesis/image"],
  ["neuron", { unit: "relu2:1", count: "3", steps: "4" }, "synthesis/image"],
  ["cam", { layer: "relu2", sanity: "true" }, "cam/random-weights"],
  ["gradient", { evaluate: "true" }, "evaluation/change"],
  ["embedding", { layer: "mean", method: "pca" }, "embedding/features"],
  ["patches", { layer: "relu2", count: "2" }, "ranking/peaks"],
];

function inputsFor(network: Network, takes: object): MethodInputs {
  const read = (seed: number) => {
    const tensor = randomTensor(network.inputDims, seed);
    return { tensor, image: deprocess(tensor, network.manifest.input) };
  };
  const corpus: Corpus = {
    count: 12,
    nameOf: (index) => `${index}`,
    read: (index) => Promise.resolve(read(index)),
  };
  const given: Record<string, unknown> = { image: read(1), corpus };
  return Object.fromEntries(
    Object.entries(takes).filter(([name, how]) => how === "required" && name in given)
      .map(([name]) => [name, given[name]]),
  );
}

const spawn = () =>
  new Worker(new URL("../../shared/methods/network_worker.ts", import.meta.url), {
    type: "module",
  });

/** Drops times, which differ. */
const timeless = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (name, item) => /seconds$/i.test(name) ? undefined : item));

test.each(CASES)("%s %j is the same on workers, through %s", async (id, texts, kernelId) => {
  await using network = await openNetwork(source, { backend: "wasm" });
  const method = await loadMethod(id);
  const options = parseOptions(method.options, texts);
  const inputs = inputsFor(network, method.takes);
  const kernels = new Set<string>();
  const counting = new InProcess(network);
  const lanes = counting.lanes.bind(counting);
  counting.lanes = (call) => {
    kernels.add(call.kernel.id);
    return lanes(call);
  };
  const alone = await runMethod(method, network, inputs, options, { executor: counting });
  // No lane of this thread: all is done by the workers.
  await using pool = networkWorkers(network, source, { spawn, threads: 3 });
  const remote = {
    lanes: (call: Parameters<typeof pool.lanes>[0]) => pool.lanes(call).slice(1),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const spread = await runMethod(method, network, inputs, options, { executor: remote });
  expect([...kernels]).toContain(kernelId);
  expect(spread.arrays).toEqual(alone.arrays);
  expect(timeless(spread.measures)).toEqual(timeless(alone.measures));
});

test("every kernel is tried, and known by its id", async () => {
  expect(new Set(CASES.map(([, , kernel]) => kernel))).toEqual(new Set(KERNEL_IDS));
  for (const id of KERNEL_IDS) expect((await loadKernel(id)).id).toBe(id);
  await expect(loadKernel("nothing")).rejects.toThrow('Cannot find the kernel "nothing"');
});

test("an error of a worker keeps its words and its kind", async () => {
  await using network = await openNetwork(source, { backend: "wasm" });
  const method = await loadMethod("inversion");
  const dark = { ...inputsFor(network, method.takes) };
  const options = parseOptions(method.options, {
    ...{ layer: "relu1", prior: "published" },
    ...{ restarts: "2", steps: "4" },
  });
  const bytes = convNet({ height: SIDE, width: SIDE, firstWeight: NaN });
  await using pool = networkWorkers(network, { ...source, bytes }, { spawn, threads: 2 });
  const remote = {
    lanes: (call: Parameters<typeof pool.lanes>[0]) => pool.lanes(call).slice(1),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const failing = runMethod(method, network, dark, options, { executor: remote });
  await expect(failing).rejects.toMatchObject({
    kind: "invalid-options",
    message: expect.stringContaining("Cannot ascend"),
  });
});
