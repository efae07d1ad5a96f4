import { InputError } from "../../errors.ts";
import type { Emitter } from "../emitter.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** Far below every score: nothing is left of it behind the softmax. */
const HIDDEN = -1e30;

/** Inputs that belong to text that is written on: past keys and values, and lengths. */
const PAST = [4, 5, 6];

/** One of query, key and value as [B, heads, S, D], and back to its own shape. */
interface Heads {
  readonly value: string;
  restore(gradient: string): string;
}

/** @param heads How many there are, where the axes are [B, S, heads * D]. */
function split(e: Emitter, value: string, heads: number | undefined): Heads {
  const dims = e.dims(value);
  if (dims.length === 4) return { value, restore: (gradient) => gradient };
  const [b, length, width] = dims;
  const count = heads ?? 1;
  return {
    value: e.transpose(e.reshape(value, [b, length, count, width / count]), [0, 2, 1, 3]),
    restore: (gradient) => e.reshape(e.transpose(gradient, [0, 2, 1, 3]), dims),
  };
}

/** Each head of keys or values for several of queries. */
function repeated(e: Emitter, { value, restore }: Heads, heads: number): Heads {
  const [b, count, length, width] = e.dims(value);
  if (count === heads) return { value, restore };
  const each = heads / count;
  const wide = e.expand(
    e.reshape(value, [b, count, 1, length, width]),
    [b, count, each, length, width],
  );
  return {
    value: e.reshape(wide, [b, heads, length, width]),
    restore: (gradient) =>
      restore(e.reshape(
        e.reduceSum(e.reshape(gradient, [b, count, each, length, width]), [2]),
        [b, count, length, width],
      )),
  };
}

/** What is added to the scores: the mask, and that no query sees later keys. */
function hiding({ emit: e, has, x, attributes, dims }: GradientScope, scores: string): string {
  const [, , queries, keys] = e.dims(scores);
  let result = scores;
  if (has(3)) {
    const isFlag = e.fact(x(3)).type === "bool";
    result = isFlag ? e.where(x(3), result, e.scalar(HIDDEN, scores)) : e.add(result, x(3));
    if (dims(3).at(-1) !== keys) {
      throw new InputError("Cannot differentiate Attention: its mask is shorter than the keys");
    }
  }
  if (attributes.int("is_causal", 0) === 0) return result;
  const later = Array.from(
    { length: queries * keys },
    (_, i) => i % keys > Math.floor(i / keys) ? HIDDEN : 0,
  );
  return e.add(result, e.array(later, [queries, keys], scores));
}

/**
 * Y = softmax(scale Q K^T + mask) V, for each head.
 *
 * @see Vaswani et al., "Attention Is All You Need", NeurIPS 2017
 */
export const attention: GradientRow = {
  rule: (scope) => {
    const { emit: e, attributes, x, y, dy, has, wants } = scope;
    if (PAST.some(has) || attributes.float("softcap", 0) !== 0) {
      throw new InputError(
        `Cannot differentiate Attention "${y()}": it has past keys, lengths or a softcap, expected ` +
          "queries, keys, values and a mask alone",
      );
    }
    const heads = attributes.int("q_num_heads");
    const query = split(e, x(0), heads);
    const count = e.dims(query.value)[1];
    const [key, value] = [1, 2].map((i) =>
      repeated(e, split(e, x(i), attributes.int("kv_num_heads", heads ?? 1)), count)
    );
    const scale = attributes.float("scale", 1 / Math.sqrt(e.dims(query.value)[3]));
    const turned = (matrix: string) => e.transpose(matrix, [0, 1, 3, 2]);
    const scores = e.scale(e.matMul(query.value, turned(key.value)), scale);
    const shares = e.op("Softmax", [hiding(scope, scores)], { axis: -1 });
    const out = split(e, dy(), heads).value;
    const byShare = e.matMul(out, turned(value.value));
    const mean = e.reduceSum(e.mul(byShare, shares), [3]);
    const byScore = e.mul(shares, e.sub(byShare, mean));
    return [
      query.restore(e.scale(e.matMul(byScore, key.value), scale)),
      key.restore(e.scale(e.matMul(turned(byScore), query.value), scale)),
      value.restore(e.matMul(turned(shares), out)),
      has(3) && wants(3) && e.fact(x(3)).type !== "bool" ? byScore : null,
    ];
  },
};
