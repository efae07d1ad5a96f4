import type { KnownError } from "../errors.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { openSession, type Session } from "./session.ts";

/** Largest difference that rounding explains, relative to the tensor's largest value. */
const TOLERANCE = 1e-3;

export interface ParityOptions {
  /** Shapes to try the inputs with; all inputs are float32. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** Outputs to compare, in the order in which they are computed. @default all, as declared */
  readonly outputs?: readonly string[];
  /** The network for WASM, where it is written another way for WebGPU. @default the same bytes */
  readonly reference?: Uint8Array;
  /** Seed of the inputs, which are normally distributed. @default 1 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface Difference {
  readonly tensor: string;
  /** Largest absolute difference divided by the largest absolute value. */
  readonly relative: number;
}

/** WebGPU computes something else than WASM. */
export class BackendMismatchError extends Error implements KnownError {
  override readonly name = "BackendMismatchError";
  readonly kind = "backend-mismatch";

  /** @param difference The first tensor that is wrong. */
  constructor(readonly difference: Difference) {
    const { tensor, relative } = difference;
    super(
      `Cannot use WebGPU for this network: its tensor "${tensor}" differs from WASM by ` +
        `${(relative * 100).toPrecision(2)} % of its largest value, ` +
        `expected at most ${TOLERANCE * 100} %; use the backend "wasm"`,
    );
  }
}

/**
 * Runs the network on both backends with the same random input: WebGPU has operators that are
 * silently wrong.
 *
 * @returns The largest difference found.
 * @throws {BackendMismatchError} If an output differs by more than rounding; names the first.
 */
export async function checkParity(bytes: Uint8Array, options: ParityOptions): Promise<Difference> {
  const { seed = 1, signal, reference = bytes } = options;
  await using wasm = await openSession(reference, { backend: "wasm" });
  await using webgpu = await openSession(bytes, { backend: "webgpu" });
  const outputs = options.outputs ?? wasm.outputs.map(({ name }) => name);
  const feeds = Object.fromEntries(
    Object.entries(options.inputs).map(([name, dims], i) => [name, noise(dims, seed + i)]),
  );
  const run = (session: Session) => session.run(feeds, outputs, { signal });
  const expected = await run(wasm);
  const actual = await run(webgpu);
  let largest: Difference = { tensor: outputs[0], relative: 0 };
  for (const tensor of outputs) {
    const relative = relativeDifference(expected[tensor], actual[tensor]);
    if (!(relative <= TOLERANCE)) throw new BackendMismatchError({ tensor, relative });
    if (relative > largest.relative) largest = { tensor, relative };
  }
  return largest;
}

const noise = (dims: readonly number[], seed: number) =>
  float32(Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(seed, i)), dims);

/** Values that are not finite are equal to their like, and infinitely far from all others. */
function relativeDifference(expected: Tensor, actual: Tensor): number {
  if (`${expected.dims}` !== `${actual.dims}`) return Infinity;
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(expected.data[i]), Number(actual.data[i])];
    if (Object.is(a, b)) continue;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
    difference = Math.max(difference, Math.abs(a - b));
  }
  if (difference === 0) return 0;
  for (const value of expected.data) {
    if (Number.isFinite(Number(value))) scale = Math.max(scale, Math.abs(Number(value)));
  }
  return difference / scale;
}
