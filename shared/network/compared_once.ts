import { BackendMismatchError, openSession, type Session } from "../runtime/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Largest difference that rounding explains, as the norm of the difference over that of the values.
 * A value within rounding of a kink switches a gradient's whole receptive field: in published
 * networks by up to 3 % of the largest value; a wrong operator by much more.
 */
const TOLERANCE = 0.05;

/** A session on WebGPU whose first run is repeated on WASM. */
export function comparedOnce(webgpu: Session, bytes: Uint8Array): Session {
  let compared = false;
  return {
    ...{ backend: webgpu.backend, inputs: webgpu.inputs, outputs: webgpu.outputs },
    async run(feeds, outputs, options) {
      const results = await webgpu.run(feeds, outputs, options);
      if (compared) return results;
      await using wasm = await openSession(bytes, { backend: "wasm" });
      const expected = await wasm.run(feeds, outputs, options);
      for (const [tensor, values] of Object.entries(results)) {
        const relative = relativeNorm(values, expected[tensor]);
        if (!(relative <= TOLERANCE)) throw new BackendMismatchError({ tensor, relative });
      }
      compared = true;
      return results;
    },
    dispose: () => webgpu.dispose(),
    [Symbol.asyncDispose]: () => webgpu.dispose(),
  };
}

/** Of what is finite on both; endless where only one is. */
function relativeNorm(actual: Tensor, expected: Tensor): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(actual.data[i]), Number(expected.data[i])];
    if (Object.is(a, b)) continue;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
    difference += (a - b) ** 2;
    norm += b ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
