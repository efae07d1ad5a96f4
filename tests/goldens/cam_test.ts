/**
 * Class activation maps and integrated gradients of the reference set, made with PyTorch in float64,
 * by the methods as a user runs them: each on one backend of the processor, and in a thorough run on
 * all.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { deprocess } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { goldens, modelMirror, skipWithout } from "../data.ts";
import { hasBackend, otherBackends } from "../other_backends.ts";
import { isFirstImage, sampled } from "../thorough.ts";

interface Case {
  readonly model: string;
  readonly target: number;
  readonly layers: readonly string[];
  readonly arrays: Readonly<Record<string, { readonly sum?: number }>>;
}

/** Relative l2 that float32 leaves. */
const TOLERANCE = 1e-4;

/** Of maps whose sums nearly cancel: the reference itself is 1e-4 from float64 there. */
const CANCELLING: Readonly<Record<string, number>> = {
  "mobilenetv2-1.0-224 gradcampp-1": 1e-3,
  "mobilenetv2-1.0-224 xgradcam-1": 1e-3,
};

/**
 * Of 32 gradients in float32, some have rectifiers within rounding of their kink. Noise of 1e-7 of
 * the input changes the sum by 8e-4 (SqueezeNet 1.1), whatever computes it.
 */
const KINKS = 3e-3;

const isMissing = skipWithout(goldens && modelMirror, "the comparison with PyTorch's maps");
const backends = [{ backend: "wasm", isMissing: false } as const, ...await otherBackends()];

const folders = isMissing ? [] : readdirSync(goldens!, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: model }) =>
    readdirSync(join(goldens!, model)).map((name) => join(goldens!, model, name))
  )
  .filter((folder) => existsSync(join(folder, "cam", "cams.json")));

const rows = folders.flatMap((folder) => {
  const golden = JSON.parse(readFileSync(join(folder, "cam", "cams.json"), "utf8")) as Case;
  return Object.keys(golden.arrays).map((array) => ({
    ...{ folder, golden, array },
    label: `${golden.model} ${golden.target} ${array}`,
  }));
});

/** The method and options that make an array, and what they call it. */
function recipeOf({ golden, array }: typeof rows[number]): {
  method: string;
  name: string;
  options: Record<string, string>;
} {
  const target = `${golden.target}`;
  if (array === "integrated_gradients") {
    return { method: "integrated-gradients", name: "attribution", options: { target } };
  }
  const [, formula, layer] = /^(\w+)-(\d)$/.exec(array)!;
  const method = formula.replace("pp", "++");
  return { method: "cam", name: "cam", options: { target, method, layer: golden.layers[+layer] } };
}

async function made(network: Network, row: typeof rows[number]): Promise<Tensor> {
  const { method: id, name, options } = recipeOf(row);
  const method = await loadMethod(id);
  const tensor = decodeNpy(readFileSync(join(row.folder, "x.npy"))) as Tensor<"float32">;
  const image = deprocess(tensor, network.manifest.input);
  const inputs = { image: { tensor, image } };
  const result = await runMethod(method, network, inputs, parseOptions(method.options, options));
  return result.arrays[name];
}

function apart(actual: Tensor, expected: Tensor): number {
  expect(actual.dims).toEqual(expected.dims);
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(actual.data[i]), Number(expected.data[i])];
    difference += (a - b) ** 2;
    norm += b ** 2;
  }
  return Math.sqrt(difference / norm);
}

const hasNative = hasBackend(backends, "native");

/** A software GPU takes seconds for each gradient: there, a few maps of the smallest network. */
const PICKED: Readonly<Record<Backend, (row: typeof rows[number]) => boolean>> = {
  wasm: ({ folder, array }) =>
    !hasNative || (isFirstImage(folder, folders) && array !== "integrated_gradients"),
  native: ({ folder, array }) => !isFirstImage(folder, folders) || array === "integrated_gradients",
  webgpu: ({ label }) => /^squeezenet1\.1 281 (gradcam|layercam)-/.test(label),
};

describe.skipIf(isMissing).each(backends)(
  "maps equal PyTorch's on $backend",
  ({ backend, isMissing }) => {
    const open = new Map<string, Promise<Network>>();
    afterAll(async () => {
      for (const network of open.values()) await (await network).dispose();
    });
    const networkOf = (id: string) => {
      const network = open.get(id) ??
        openModel(id).then((source) => openNetwork(source, { backend }));
      open.set(id, network);
      return network;
    };
    test.skipIf(isMissing).each(sampled(rows, PICKED[backend]))("$label", async (row) => {
      const { golden, array, folder } = row;
      const actual = await made(await networkOf(golden.model), row);
      const expected = decodeNpy(readFileSync(join(folder, "cam", `${array}.npy`)));
      const fair = array === "integrated_gradients" ? KINKS : TOLERANCE;
      const tolerance = CANCELLING[`${golden.model} ${array}`] ?? fair;
      expect(apart(actual, expected)).toBeLessThan(tolerance);
    });
  },
);
