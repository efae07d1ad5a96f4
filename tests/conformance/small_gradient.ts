import { encodeModel, type Model, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { differentiate, type DifferentiateOptions } from "../../shared/grad/mod.ts";

/** A tensor of one row. */
export const row = (...values: number[]) => float32(Float32Array.from(values), [1, values.length]);

/** The gradients at some feeds, by the name of what they belong to. */
export async function run(
  model: Model,
  options: DifferentiateOptions,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, number[]>> {
  const gradient = differentiate(model, options);
  await using session = await openSession(encodeModel(gradient.model), { backend: "wasm" });
  const results = await session.run(feeds);
  return {
    objective: [results[gradient.objective].data[0] as number],
    ...Object.fromEntries(
      Object.entries(gradient.gradients).map(([name, output]) => [
        name,
        // Without the sign of zeros, which nobody asks for.
        Array.from(results[output].data as Float32Array, (value) => value + 0),
      ]),
    ),
  };
}

/** x [1, n] through the nodes that `build` adds, to an output "y". */
export function network(n: number, build: (b: ModelBuilder, x: string) => string): Model {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [build(b, b.input("x", ["N", n]))], {}, "y"));
  return b.build();
}

/** A rectifier of four values. */
export const relu = network(4, (b, x) => b.op("Relu", [x]));
