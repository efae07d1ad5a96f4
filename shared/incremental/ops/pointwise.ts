import type { Locality, LocalityRule, LocalityRules, LocalityScope } from "../locality.ts";
import { hull } from "../span.ts";

/** Time for one element of cheap and of costly functions. */
const CHEAP = 2;
const COSTLY = 30;

const CHEAP_OPERATORS = `Abs Add BatchNormalization Cast Ceil Clip Div Dropout Floor Identity
  LeakyRelu Max Mean Min Mul Neg PRelu Reciprocal Relu Round Shrink Sign Sqrt Sub Sum
  ThresholdedRelu HardSigmoid HardSwish`.split(/\s+/);

const COSTLY_OPERATORS = `Acos Acosh Asin Asinh Atan Atanh Celu Cos Cosh Elu Erf Exp Gelu LRN Log
  Mish Pow Selu Sigmoid Sin Sinh Softplus Softsign Swish Tan Tanh`.split(/\s+/);

/** Operators that compute a pixel of the output from that pixel of each input. */
const pointwise = (work: number): LocalityRule => (scope) => {
  const fault = spreadOperand(scope);
  if (fault !== undefined) return fault;
  return { ...inPlace, fill: 0, multiplyAdds: 0, work, node: scope.node };
};

const concat: LocalityRule = (scope) => {
  const rank = scope.output.dims.length;
  const axis = scope.attributes.int("axis", 1);
  if ((axis < 0 ? axis + rank : axis) !== 1) return "it joins rows or columns";
  if (!scope.node.input.every((_, i) => scope.isChanged(i))) return "a part of it never changes";
  return pointwise(CHEAP)(scope);
};

/** Why an input cannot be read pixel by pixel, if so. */
function spreadOperand({ node, input, isChanged, output }: LocalityScope): string | undefined {
  const [, , height, width] = output.dims;
  if (output.dims.length !== 4) return "it is not over rows and columns";
  for (let i = 0; i < node.input.length; i++) {
    if (node.input[i] === "") continue;
    const dims = input(i)?.dims;
    if (dims === undefined) return `nothing is known of its input "${node.input[i]}"`;
    const [rows, columns] = [dims.at(-2) ?? 1, dims.at(-1) ?? 1];
    const isMap = dims.length === 4 && rows === height && columns === width;
    if (isChanged(i) && !isMap) return `it spreads "${node.input[i]}" over the map`;
    // Such as statistics of the channels, which are one axis.
    const isPerChannel = dims.length <= 1 && node.opType === "BatchNormalization";
    const isSpread = isPerChannel || (columns === 1 && rows === 1);
    if (!isChanged(i) && !isSpread) return `"${node.input[i]}" differs from pixel to pixel`;
  }
  return undefined;
}

const inPlace: Pick<Locality, "changes" | "reads"> = {
  changes: (_axis, inputs) => hull(inputs),
  reads: (_axis, output) => output,
};

const table = (names: readonly string[], rule: LocalityRule): LocalityRules =>
  Object.fromEntries(names.map((name) => [name, rule]));

export const pointwiseRules: LocalityRules = {
  ...table(CHEAP_OPERATORS, pointwise(CHEAP)),
  ...table(COSTLY_OPERATORS, pointwise(COSTLY)),
  Concat: concat,
};
