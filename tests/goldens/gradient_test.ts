/**
 * Gradient arrays of the reference set, made with PyTorch and Captum, within the tolerance that
 * its case.json measured: each on one backend of the processor, and in a thorough run on all.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  differentiate,
  energy,
  type Objective,
  type ReluRule,
  unit,
} from "../../shared/grad/mod.ts";
import { decodeModel, forWebGpu, inferShapes, upgradeModel } from "../../shared/onnx/mod.ts";
import { openModelSession } from "../../shared/network/open_session.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import { goldens, modelMirror, skipWithout } from "../data.ts";
import { hasBackend, otherBackends } from "../other_backends.ts";
import { isFirstImage, sampled } from "../thorough.ts";

interface Case {
  readonly model: string;
  readonly input: { readonly name: string };
  readonly target: { readonly index: number };
  readonly logits_tensor: string;
  readonly unit: { layer: string; channel: number; row: number; column: number };
  readonly dream_layer: string;
  readonly arrays: Readonly<Record<string, { suggested_tolerance?: { max: number; l2: number } }>>;
}

/** Which objective and rule each array was made with. */
const ARRAYS: Readonly<Record<string, { rule: ReluRule; objective: (c: Case) => Objective }>> = {
  "saliency.npy": { rule: "plain", objective: score },
  "guided.npy": { rule: "guided", objective: score },
  "guided_clip.npy": { rule: "guided", objective: score },
  "deconvnet.npy": { rule: "deconvnet", objective: score },
  "unit_gradient.npy": { rule: "plain", objective: ({ unit: u }) => unit(u.layer, u) },
  "unit_guided.npy": { rule: "guided", objective: ({ unit: u }) => unit(u.layer, u) },
  "deepdream_gradient.npy": { rule: "plain", objective: (c) => energy(c.dream_layer) },
};

function score(c: Case): Objective {
  return unit(c.logits_tensor, { channel: c.target.index });
}

const isMissing = skipWithout(goldens && modelMirror, "the comparison with PyTorch's gradients");
const backends = [{ backend: "wasm", isMissing: false } as const, ...await otherBackends()];

function findFolders(): string[] {
  if (isMissing) return [];
  return readdirSync(goldens!, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "preprocess")
    .flatMap((model) =>
      readdirSync(join(goldens!, model.name)).map((name) => join(goldens!, model.name, name))
    );
}

const folders = findFolders();
const rows = folders.flatMap((folder) => {
  const golden = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as Case;
  return Object.keys(golden.arrays).filter((name) => name in ARRAYS)
    .map((array) => ({ folder, golden, array, label: `${golden.model} ${array}` }));
});

async function errors({ folder, golden, array }: typeof rows[number], backend: Backend) {
  const { objective, rule } = ARRAYS[array];
  const file = join(modelMirror!, golden.model, "onnx", "model.onnx");
  const forward = upgradeModel(decodeModel(readFileSync(file)));
  const network = backend === "webgpu" ? forWebGpu(forward, inferShapes(forward)) : forward;
  const { model, gradients } = differentiate(network, {
    objective: objective(golden),
    wrt: [golden.input.name],
    reluRule: rule,
  });
  const { session: opened } = await openModelSession(model, backend);
  await using session = opened;
  const read = (name: string) => decodeNpy(readFileSync(join(folder, name)));
  const output = gradients[golden.input.name];
  const results = await session.run({ [golden.input.name]: read("x.npy") }, [output]);
  const [actual, expected] = [results[output].data, read(array).data].map((data) =>
    data as Float32Array
  );
  let [largest, difference, squares, total] = [0, 0, 0, 0];
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(actual[i] - value));
    squares += (actual[i] - value) ** 2;
    total += value ** 2;
  });
  return { max: difference / largest, l2: Math.sqrt(squares / total) };
}

const hasNative = hasBackend(backends, "native");

/** Of each network, images in turn on WASM and natively; on the GPU one array of a rule. */
const PICKED: Readonly<Record<Backend, (row: typeof rows[number]) => boolean>> = {
  wasm: ({ folder }) => !hasNative || isFirstImage(folder, folders),
  native: ({ folder }) => !isFirstImage(folder, folders),
  webgpu: ({ folder, golden, array }) =>
    isFirstImage(folder, folders) &&
    (golden.model.startsWith("squeezenet") || array === "saliency.npy"),
};

describe.skipIf(isMissing).each(backends)(
  "gradients equal PyTorch's on $backend",
  ({ backend, isMissing }) => {
    test.skipIf(isMissing).each(sampled(rows, PICKED[backend]))("$label", async (row) => {
      const tolerance = row.golden.arrays[row.array].suggested_tolerance!;
      const { max, l2 } = await errors(row, backend);
      expect(max).toBeLessThan(tolerance.max);
      expect(l2).toBeLessThan(tolerance.l2);
    });
  },
);
