import type { GradientRow } from "../gradient_scope.ts";
import type { Emitter } from "../emitter.ts";

/** The last two axes exchanged. */
function transposed(e: Emitter, value: string): string {
  const axes = e.dims(value).map((_, axis) => axis);
  const [row, column] = axes.splice(-2);
  return e.transpose(value, [...axes, column, row]);
}

/** Y = A B over the last two axes, the rest broadcast; vectors as in NumPy. */
const matMul: GradientRow = {
  rule: ({ emit: e, x, dy, dims, wants }) => {
    const [a, b] = [dims(0), dims(1)];
    const left = a.length === 1 ? e.reshape(x(0), [1, ...a]) : x(0);
    const right = b.length === 1 ? e.reshape(x(1), [...b, 1]) : x(1);
    const outer = e.dims(dy()).slice(
      0,
      e.dims(dy()).length - (a.length > 1 ? 1 : 0) - (b.length > 1 ? 1 : 0),
    );
    const matrix = e.reshape(dy(), [...outer, e.dims(left).at(-2)!, e.dims(right).at(-1)!]);
    const restore = (value: string, given: readonly number[], now: string) =>
      e.reshape(e.sumTo(value, e.dims(now)), given);
    return [
      wants(0) ? restore(e.matMul(matrix, transposed(e, right)), a, left) : null,
      wants(1) ? restore(e.matMul(transposed(e, left), matrix), b, right) : null,
    ];
  },
};

/** Y = alpha A' B' + beta C, a prime meaning "transposed if asked for". */
const gemm: GradientRow = {
  rule: ({ emit: e, attributes, x, dy, wants, has }) => {
    const alpha = attributes.float("alpha", 1);
    const [tA, tB] = [attributes.int("transA", 0), attributes.int("transB", 0)];
    const product = (a: string, b: string, transA: number, transB: number) =>
      e.scale(e.op("Gemm", [a, b], { transA, transB }), alpha);
    const dA = () => tA ? product(x(1), dy(), tB, 1) : product(dy(), x(1), 0, 1 - tB);
    const dB = () => tB ? product(dy(), x(0), 1, tA) : product(x(0), dy(), 1 - tA, 0);
    // Of a matrix of products of rows or columns with each other, both are one product.
    const isGram = x(0) === x(1) && tA !== tB;
    const both = () => e.add(dy(), transposed(e, dy()));
    const dGram = () => tA ? product(x(0), both(), 0, 0) : product(both(), x(0), 0, 0);
    return [
      wants(0) ? (isGram ? dGram() : dA()) : null,
      wants(1) && !isGram ? dB() : null,
      has(2) && wants(2) ? e.scale(dy(), attributes.float("beta", 1)) : null,
    ];
  },
};

export const matmulRules = { Gemm: gemm, MatMul: matMul } as const satisfies Record<
  string,
  GradientRow
>;
