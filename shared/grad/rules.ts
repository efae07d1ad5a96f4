import type { GradientRow } from "./gradient_scope.ts";
import { adjointRules } from "./ops/adjoint.ts";
import { arithmeticRules } from "./ops/arithmetic.ts";
import { attention } from "./ops/attention.ts";
import { averagePoolRules } from "./ops/average_pool.ts";
import { convGradient } from "./ops/conv.ts";
import { convTransposeGradient } from "./ops/conv_transpose.ts";
import { dftGradient } from "./ops/dft.ts";
import { einsumGradient } from "./ops/einsum.ts";
import { gateRules } from "./ops/gates.ts";
import { gatherGradient, gatherNDGradient } from "./ops/gather.ts";
import { gatherElementsRules } from "./ops/gather_elements.ts";
import { globalMaxPoolGradient } from "./ops/global_max_pool.ts";
import { gridSample } from "./ops/grid_sample.ts";
import { lpPoolRules } from "./ops/lp_pool.ts";
import { lrnRules } from "./ops/lrn.ts";
import { matmulRules } from "./ops/matmul.ts";
import { maxPoolGradient } from "./ops/max_pool.ts";
import { movementRules } from "./ops/movement.ts";
import { normalizationRules } from "./ops/normalization.ts";
import { padGradient } from "./ops/pad.ts";
import { rectifierRules } from "./ops/rectifiers.ts";
import { quantizeRules } from "./ops/quantize.ts";
import { reduceRules } from "./ops/reduce.ts";
import { resizeGradient } from "./ops/resize.ts";
import { roiAlign } from "./ops/roi_align.ts";
import { scatterRules } from "./ops/scatter.ts";
import { softmaxRules } from "./ops/softmax.ts";

/** Every operator that has a gradient. An operator in neither table here is an error by name. */
export const RULES: Readonly<Record<string, GradientRow>> = {
  ...adjointRules,
  ...arithmeticRules,
  ...averagePoolRules,
  ...gateRules,
  ...gatherElementsRules,
  ...lpPoolRules,
  ...lrnRules,
  ...matmulRules,
  ...movementRules,
  ...normalizationRules,
  ...quantizeRules,
  ...rectifierRules,
  ...reduceRules,
  ...scatterRules,
  ...softmaxRules,
  Attention: attention,
  Conv: { rule: convGradient },
  ConvTranspose: { rule: convTransposeGradient },
  DFT: { rule: dftGradient },
  Einsum: { rule: einsumGradient },
  Gather: { rule: gatherGradient },
  GatherND: { rule: gatherNDGradient },
  GlobalMaxPool: {
    rule: globalMaxPoolGradient,
    convention: "the first maximum in row-major order",
  },
  GridSample: gridSample,
  MaxPool: { rule: maxPoolGradient, convention: "the first maximum in row-major order" },
  Pad: { rule: padGradient },
  Resize: { rule: resizeGradient },
  RoiAlign: roiAlign,
};

/** Operators that pass no gradient on: steps, comparisons, indices, shapes, random numbers. */
export const NO_GRADIENT: ReadonlySet<string> = new Set(
  `And ArgMax ArgMin BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil Constant
  ConstantOfShape Equal EyeLike Floor Greater GreaterOrEqual Hardmax IsInf IsNaN Less LessOrEqual
  Multinomial NonZero Not OneHot Or RandomNormal RandomNormalLike RandomUniform RandomUniformLike
  Range Round Shape Sign Size Xor`.split(/\s+/),
);
