/** Networks as exporters write them: opened, described, and looked at by the methods. */
import { afterAll, describe, expect, test } from "vitest";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { deprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { describeFile } from "../../shared/network/open/describe_file.ts";
import { networkSummary } from "../../shared/network/open/network_summary.ts";
import { decodeModel, encodeModel, withOutputs } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { CLASSES, EXPORTED, SIZE } from "../exporters/mod.ts";
import { randomTensor } from "../networks.ts";

/** Rounding of float32, in another order of sums. */
const SAME = 1e-4;

/** Of a central difference: the third derivative, rounding, and bends that are crossed. */
const SLOPE = 0.02;

const opened = await Promise.all(EXPORTED.map(async (file) => {
  const described = describeFile(`${file.name}.onnx`, decodeModel(file.bytes), [], {
    height: SIZE,
    width: SIZE,
  });
  const network = await openNetwork({ ...described, bytes: file.bytes }, { backend: "wasm" });
  const scale = file.step ? 60 : 1;
  const tensor = randomTensor(network.inputDims, 3, scale);
  // Levels are whole numbers of 0 to 255.
  const data = file.step
    ? tensor.data.map((value) => Math.min(255, Math.max(0, Math.round(128 + value))))
    : tensor.data;
  const image = float32(data, tensor.dims);
  return { ...file, described, network, image };
}));
afterAll(() => Promise.all(opened.map(({ network }) => network.dispose())));

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array, Number);

describe.each(opened)("$name", (
  { bytes, scores, feed, step = 1e-2, isQuantised, labels, described, network, image },
) => {
  const run = async (id: string, options: Record<string, string>) => {
    const method = await loadMethod(id);
    const input = { tensor: image, image: deprocess(image, network.manifest.input) };
    return await runMethod(
      method,
      network,
      { image: input },
      parseOptions(method.options, options),
      {},
    );
  };
  const logits = async (x: Tensor<"float32">) =>
    numbers((await network.compute(x, [network.logitsTensor]))[network.logitsTensor]);

  test("is described, with as many classes as it has", () => {
    const summary = networkSummary(network, described.origins);
    expect(JSON.stringify(summary)).not.toContain("undefined");
    expect(network.facts.get(network.logitsTensor)?.dims.at(-1)).toBe(CLASSES);
    if (labels) expect(described.labels).toEqual(labels);
  });

  test.skipIf(scores === "")("has the scores of the file itself", async () => {
    const model = withOutputs(decodeModel(bytes), [scores]);
    await using session = await openSession(encodeModel(model), { backend: "wasm" });
    const name = model.graph.input[0].name!;
    const expected = numbers((await session.run({ [name]: feed?.(image) ?? image }))[scores]);
    const found = await logits(image);
    expected.forEach((value, i) => expect(Math.abs(value - found[i])).toBeLessThan(SAME));
  });

  test("has a gradient, that of central differences", async () => {
    const { arrays } = await run("gradient", { target: "0" });
    const gradient = numbers(arrays.gradient);
    const length = Math.hypot(...gradient);
    expect(length).toBeGreaterThan(0);
    if (isQuantised) return;
    const at = async (amount: number) => {
      const data = image.data.map((value, i) => value + amount * gradient[i] / length);
      return (await logits(float32(data, image.dims)))[0];
    };
    const expected = (await at(step) - await at(-step)) / (2 * step);
    expect(Math.abs(expected / length - 1)).toBeLessThan(SLOPE);
  });

  test("is classified, and occluded", async () => {
    const { measures } = await run("classify", {});
    expect(Object.keys(measures).length).toBeGreaterThan(0);
    const { arrays } = await run("occlusion", { window: "8", stride: "8", target: "0" });
    expect(Object.values(arrays).flatMap(numbers).every(Number.isFinite)).toBe(true);
  });
});
