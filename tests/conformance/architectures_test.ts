import { describe, expect, test } from "vitest";
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { encodeModel, forWebGpu, inferShapes } from "../../shared/onnx/mod.ts";
import { type Backend, openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { otherBackends } from "../other_backends.ts";
import { architectures, buildArchitecture } from "./architectures.ts";
import { seeded } from "./case_model.ts";

/** Small, so that few of a network's many kinks are crossed; float32 rounding bounds it below. */
const STEP = 1e-3;

/**
 * Of a handful of random directions the best: most cross a kink of some rectifier or pool, which
 * shifts the difference by per cents; a wrong rule is off in all of them.
 */
const DIRECTIONS = 6;

/** Rounding of the logits over the step. */
const DIFFERENCE_TOLERANCE = 5e-3;

/** Only the order of sums differs. */
const BACKEND_TOLERANCE = 1e-4;

const others = await otherBackends();

type Network = ReturnType<typeof buildArchitecture>;

function input(seed: number): Tensor<"float32"> {
  const next = seeded(seed);
  return float32(Float32Array.from({ length: 3 * 256 }, () => 2 * next() - 1), [1, 3, 16, 16]);
}

async function gradientOf(network: Network, x: Tensor, backend: Backend): Promise<Float32Array> {
  const source = backend === "webgpu" ? forWebGpu(network, inferShapes(network)) : network;
  const { model, gradients } = differentiate(source, {
    objective: unit("logits", { channel: 2 }),
    wrt: ["x"],
  });
  await using session = await openSession(encodeModel(model), { backend });
  return (await session.run({ x }, [gradients.x]))[gradients.x].data as Float32Array;
}

describe.each(architectures)("$name", (architecture) => {
  const network = buildArchitecture(architecture);

  test("gradient equals central differences", async () => {
    const x = input(5);
    const gradient = await gradientOf(network, x, "wasm");
    await using session = await openSession(encodeModel(network), { backend: "wasm" });
    const next = seeded(9);
    const errors: number[] = [];
    for (let round = 0; round < DIRECTIONS; round++) {
      const direction = x.data.map(() => 2 * next() - 1);
      const at = async (amount: number) => {
        const moved = float32(x.data.map((value, i) => value + amount * direction[i]), x.dims);
        return (await session.run({ x: moved }, ["logits"])).logits.data[2] as number;
      };
      const numeric =
        (8 * (await at(STEP) - await at(-STEP)) - (await at(2 * STEP) - await at(-2 * STEP))) /
        (12 * STEP);
      const analytic = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
      const size = Math.hypot(...gradient.map((g, i) => g * direction[i]));
      errors.push(Math.abs(numeric - analytic) / size);
    }
    expect(Math.min(...errors)).toBeLessThan(DIFFERENCE_TOLERANCE);
  });

  test.for(others)("gradient is the same on $title", async ({ backend, isMissing }, { skip }) => {
    skip(isMissing, "it is not on this machine");
    const [wasm, other] = [
      await gradientOf(network, input(5), "wasm"),
      await gradientOf(network, input(5), backend),
    ];
    const largest = wasm.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = wasm.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - other[i])),
      0,
    );
    expect(difference / largest).toBeLessThan(BACKEND_TOLERANCE);
  });
});
