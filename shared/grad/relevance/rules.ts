import { added, chosen, divided, gated, moved, passed, reduced, shared } from "./linear.ts";
import type { RelevanceRule } from "./relevance_rule.ts";
import { weighted } from "./weighted.ts";

const rows = (rule: RelevanceRule, names: string): Record<string, RelevanceRule> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, rule]));

/** Every operator that relevance goes through. An operator that is not here is an error by name. */
export const RELEVANCE: ReadonlyMap<string, RelevanceRule> = new Map(Object.entries({
  ...rows(
    passed,
    `Abs BatchNormalization Cast Celu Clip Dropout Elu Gelu GroupNormalization HardSigmoid HardSwish
    Identity InstanceNormalization LRN LayerNormalization LeakyRelu LpNormalization
    MeanVarianceNormalization Mish Neg PRelu RMSNormalization Relu Selu Shrink Sigmoid Softplus
    Softsign Swish Tanh ThresholdedRelu`,
  ),
  ...rows(
    moved,
    `Concat DepthToSpace Expand Flatten Gather GatherElements GlobalMaxPool MaxPool Pad
    ReduceMax ReduceMin Reshape Slice SpaceToDepth Split Squeeze Tile Transpose Trilu Unsqueeze
    Where`,
  ),
  ...rows(chosen, "Max Min"),
  ...rows(shared, "AveragePool GlobalAveragePool Mean Resize"),
  ...rows(added, "Add Sub Sum"),
  ...rows(reduced, "ReduceMean ReduceSum"),
  ...rows(weighted, "Conv ConvTranspose Gemm MatMul"),
  Div: divided,
  Mul: gated,
}));
