import { isStandardDomain } from "./opset.ts";
import type { NodeProto } from "./proto/types.ts";

/**
 * What an operator does with the values it reads:
 *
 * - `pointwise`: an element of the result is made of one element of each input, broadcast;
 * - `view`: the elements are those of the input, in another shape or order;
 * - `movement`: elements are moved, chosen, repeated, joined or weighed by where they are;
 * - `window`: an element is made of a window of the map;
 * - `reduction`: axes are reduced to one value;
 * - `normalization`: values are scaled by statistics of their neighbours along some axes;
 * - `product`: sums of products along an axis;
 * - `source`: values follow from shapes, attributes or chance, not from what is read.
 */
export type OperatorKind =
  | "pointwise"
  | "view"
  | "movement"
  | "window"
  | "reduction"
  | "normalization"
  | "product"
  | "source";

/** What is known of a standard operator, whatever its attributes are. */
export interface Operator {
  readonly kind: OperatorKind;
  /** Whether a place of the result, whatever the channel, is made of that place of each input. */
  readonly isLocal: boolean;
  /** Whether channel (class) i of the result is channel (class) i of the input, worked on. */
  readonly keepsChannels: boolean;
  /** Whether the result's elements are the first input's, in their order or another. */
  readonly passes: boolean;
  /** Which input holds weights, of an operator that has some. */
  readonly weights?: number;
  /**
   * Time for an element of the result, as that of so many multiply-adds of a convolution; of
   * windows and products, for each element that it is made of.
   */
  readonly work: number;
}

/** Time for one element of cheap and of costly functions. */
const CHEAP = 2;
const COSTLY = 30;

const table = (
  kind: OperatorKind,
  names: string,
  traits: Partial<Omit<Operator, "kind">> = {},
): Record<string, Operator> => {
  const isPointwise = kind === "pointwise";
  const operator: Operator = {
    kind,
    isLocal: isPointwise,
    keepsChannels: isPointwise,
    passes: false,
    work: CHEAP,
    ...traits,
  };
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, operator]));
};

const OPERATORS: ReadonlyMap<string, Operator> = new Map(Object.entries({
  ...table(
    "pointwise",
    `Abs Add And BatchNormalization BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil Clip
    DequantizeLinear Div Equal Floor Greater GreaterOrEqual HardSigmoid HardSwish IsInf IsNaN
    LeakyRelu Less LessOrEqual Max Mean Min Mod Mul Neg Not Or PRelu QuantizeLinear Reciprocal Relu
    Round Shrink Sign Sqrt Sub Sum ThresholdedRelu Where Xor`,
  ),
  ...table("pointwise", "Cast CastLike Dropout Identity", { passes: true }),
  ...table(
    "pointwise",
    `Acos Acosh Asin Asinh Atan Atanh Celu Cos Cosh Elu Erf Exp Gelu Log Mish Pow Selu Sigmoid Sin
    Sinh Softplus Softsign Swish Tan Tanh`,
    { work: COSTLY },
  ),
  ...table("view", "Flatten Reshape Squeeze Transpose Unsqueeze", {
    passes: true,
    keepsChannels: true,
  }),
  ...table(
    "movement",
    `CenterCropPad Concat CumSum DepthToSpace Expand Gather GatherElements GatherND GridSample Resize ReverseSequence RoiAlign RotaryEmbedding
    ScatterElements
    ScatterND Slice SpaceToDepth Split Tile Trilu Upsample`,
  ),
  ...table("movement", "Pad", { keepsChannels: true }),
  ...table("window", "AveragePool LpPool MaxPool MaxUnpool", {
    keepsChannels: true,
    work: 3,
  }),
  ...table("window", "Conv ConvTranspose DeformConv", { weights: 1, work: 1 }),
  ...table("window", "Col2Im"),
  ...table("window", "ConvInteger QLinearConv"),
  ...table(
    "reduction",
    `ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin
    ReduceProd ReduceSum ReduceSumSquare TopK`,
  ),
  ...table("reduction", "GlobalAveragePool GlobalLpPool GlobalMaxPool", { keepsChannels: true }),
  ...table(
    "normalization",
    `GroupNormalization Hardmax InstanceNormalization LayerNormalization LogSoftmax LpNormalization
    MeanVarianceNormalization RMSNormalization Softmax`,
    { keepsChannels: true, work: COSTLY },
  ),
  ...table("normalization", "LRN", { isLocal: true, keepsChannels: true, work: COSTLY }),
  ...table("normalization", "DynamicQuantizeLinear", { keepsChannels: true }),
  ...table("product", "Gemm MatMul", { weights: 1, work: 1 }),
  ...table("product", "AffineGrid Attention DFT Einsum GRU LSTM MatMulInteger QLinearMatMul RNN", {
    work: 1,
  }),
  ...table(
    "source",
    `Bernoulli Constant ConstantOfShape EyeLike Multinomial NonZero OneHot RandomNormal
    RandomNormalLike RandomUniform RandomUniformLike Range Shape Size`,
  ),
}));

/** The operators that {@linkcode operatorOf} knows, by name. */
export const operatorNames: readonly string[] = [...OPERATORS.keys()];

/** What is known of a node's operator; undefined of one that is not standard, or not in the table. */
export function operatorOf({ opType = "", domain }: NodeProto): Operator | undefined {
  return isStandardDomain(domain) ? OPERATORS.get(opType) : undefined;
}

/** The input that holds the weights of a node; undefined of operators that have none. */
export function weightsInput(node: NodeProto): string | undefined {
  const place = operatorOf(node)?.weights;
  return place === undefined ? undefined : node.input[place];
}
