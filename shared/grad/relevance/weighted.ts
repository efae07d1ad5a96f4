import { InputError } from "../../errors.ts";
import { attributeValues, describeNode } from "../../onnx/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { stabilized, transposed } from "./linear.ts";
import type { LayerRule, RelevanceRule, RelevanceScope } from "./relevance_rule.ts";

/** Keeps sums of one sign from 0. */
const STABILIZER = 1e-6;

/** Factors of the positive and of the negative elements of an array. */
interface Factors {
  readonly positive: number;
  readonly negative: number;
}

/** A part of the input that goes through changed weights; all of it goes through those there are. */
interface Branch {
  readonly part: "all" | "positive" | "negative";
  readonly weights: Factors;
  /** None where another branch has it. */
  readonly bias?: Factors;
}

/** Branches whose sum relevance is divided by, where the layer's own sum has the sign. */
interface Group {
  readonly sign?: 1 | -1;
  readonly branches: readonly Branch[];
  readonly stabilizer: number;
}

const POSITIVE: Factors = { positive: 1, negative: 0 };
const NEGATIVE: Factors = { positive: 0, negative: 1 };
const AS_THEY_ARE: Factors = { positive: 1, negative: 1 };

type Groups = (scope: RelevanceScope) => readonly Group[];

/** As in zennit, a bias is a part of the sum, so that relevance may end there. */
const GROUPS: Readonly<Record<Exclude<LayerRule, "flat">, Groups>> = {
  epsilon: ({ epsilon }) => [{
    branches: [{ part: "all", weights: AS_THEY_ARE, bias: AS_THEY_ARE }],
    stabilizer: epsilon,
  }],
  zplus: () => [{
    branches: [
      { part: "positive", weights: POSITIVE, bias: POSITIVE },
      { part: "negative", weights: NEGATIVE },
    ],
    stabilizer: STABILIZER,
  }],
  gamma: ({ gamma, epsilon }) => {
    const up: Factors = { positive: 1 + gamma, negative: 1 };
    const down: Factors = { positive: 1, negative: 1 + gamma };
    return [
      {
        sign: 1,
        branches: [
          { part: "positive", weights: up, bias: up },
          { part: "negative", weights: down },
        ],
        stabilizer: epsilon,
      },
      {
        sign: -1,
        branches: [
          { part: "positive", weights: down, bias: down },
          { part: "negative", weights: up },
        ],
        stabilizer: epsilon,
      },
    ];
  },
};

/** Y = a linear map of one input by weights, with or without a bias. */
export const weighted: RelevanceRule = (scope) => {
  const { node } = scope;
  const data = scope.wants(0) ? 0 : 1;
  if (scope.wants(0) && node.input.length > 1 && scope.wants(1)) {
    throw new InputError(
      `Cannot propagate relevance through ${describeNode(node)}: both factors depend on the ` +
        "image, expected weights",
    );
  }
  const rule = scope.layerRule();
  const relevance = rule === "flat" ? flat(scope, data) : byGroups(scope, data, GROUPS[rule]);
  return node.input.map((_, i) => i === data ? relevance : null);
};

/** The same to all that is read, whatever it is. */
function flat(scope: RelevanceScope, data: number): string {
  const { emit: e } = scope;
  const x = e.expand(e.scalar(1, scope.x(data)), scope.dims(data));
  const weights = changed(scope, 1 - data, () => 1);
  const z = linear(scope, data, { x, weights });
  return back(scope, data, weights, e.div(scope.dy(), stabilized(e, z, STABILIZER)));
}

function byGroups(scope: RelevanceScope, data: number, groups: Groups): string {
  const { emit: e } = scope;
  const isPositive = scope.isNonNegative(scope.x(data));
  const shares = groups(scope).flatMap(({ sign, branches, stabilizer }) => {
    const used = branches.filter(({ part }) => part !== "negative" || !isPositive)
      .map((branch) => branchValues(scope, data, branch, isPositive));
    const isOwnSum = scope.hasBiases || !scope.has(2);
    const z = isOwnSum && branches.every(({ part }) => part === "all")
      ? scope.y()
      : used.map((values) => linear(scope, data, values)).reduce((a, b) => e.add(a, b));
    const kept = sign === undefined ? scope.dy() : ofSign(scope, sign);
    const s = e.div(kept, stabilized(e, z, stabilizer));
    return used.map(({ x, weights }) => e.mul(x, back(scope, data, weights, s)));
  });
  return shares.reduce((a, b) => e.add(a, b));
}

/** The relevance where the layer's own sum has a sign. */
function ofSign({ emit: e, y, dy }: RelevanceScope, sign: 1 | -1): string {
  const zero = e.scalar(0, y());
  return e.keepWhere(sign === 1 ? e.greater(y(), zero) : e.less(y(), zero), dy());
}

/** An array in the graph, with its elements where they are known now. */
interface Weights {
  readonly name: string;
  readonly stored?: Tensor;
}

interface BranchValues {
  readonly x: string;
  readonly weights: Weights;
  readonly bias?: Weights;
}

function branchValues(
  scope: RelevanceScope,
  data: number,
  { part, weights, bias }: Branch,
  isPositive: boolean,
): BranchValues {
  const { emit: e } = scope;
  const x = scope.x(data);
  const parts = {
    all: () => x,
    positive: () => isPositive ? x : e.relu(x),
    negative: () => e.op("Min", [x, e.scalar(0, x)]),
  };
  const place = 1 - data;
  return {
    x: parts[part](),
    weights: part === "all"
      ? { name: scope.x(place), stored: scope.initializer(place) }
      : changed(scope, place, by(weights)),
    bias: part !== "all" && bias && scope.has(2) && scope.hasBiases
      ? changed(scope, 2, by(bias))
      : undefined,
  };
}

const by = ({ positive, negative }: Factors) => (value: number) =>
  value * (value > 0 ? positive : negative);

/**
 * Weights or a bias, element by element.
 *
 * @param change Linear on either side of 0, or constant.
 */
function changed(scope: RelevanceScope, input: number, change: (value: number) => number): Weights {
  const { emit: e } = scope;
  const known = scope.initializer(input);
  if (known?.type === "float32") {
    const stored = float32((known as Tensor<"float32">).data.map(change), known.dims);
    return { name: e.constant(stored), stored };
  }
  const x = scope.x(input);
  if (change(0) !== 0) return { name: e.expand(e.scalar(change(0), x), scope.dims(input)) };
  const positive = e.scale(e.relu(x), change(1));
  return { name: e.add(positive, e.scale(e.op("Min", [x, e.scalar(0, x)]), -change(-1))) };
}

/** The node with other values in the place of its input, weights and bias. */
function linear(scope: RelevanceScope, data: number, { x, weights, bias }: BranchValues): string {
  const { emit: e, node } = scope;
  const operands = data === 0 ? [x, weights.name] : [weights.name, x];
  const inputs = bias === undefined ? operands : [...operands, bias.name];
  return e.op(node.opType!, inputs, attributeValues(node));
}

/** The transpose of the linear map with other weights. */
function back(scope: RelevanceScope, data: number, weights: Weights, s: string): string {
  const place = 1 - data;
  const found = transposed({
    ...scope,
    x: (i) => i === place ? weights.name : scope.x(i),
    initializer: (i) => i === place ? weights.stored : scope.initializer(i),
    wants: (i) => i === data,
  }, s);
  return found[data]!;
}
