import type { GradientRow } from "./gradient_scope.ts";
import { arithmeticRules } from "./ops/arithmetic.ts";
import { averagePoolRules } from "./ops/average_pool.ts";
import { convGradient } from "./ops/conv.ts";
import { gateRules } from "./ops/gates.ts";
import { lrnRules } from "./ops/lrn.ts";
import { matmulRules } from "./ops/matmul.ts";
import { maxPoolGradient } from "./ops/max_pool.ts";
import { movementRules } from "./ops/movement.ts";
import { rectifierRules } from "./ops/rectifiers.ts";
import { reduceRules } from "./ops/reduce.ts";
import { softmaxRules } from "./ops/softmax.ts";

/** Every operator that has a gradient. An operator in neither table here is an error by name. */
export const RULES: Readonly<Record<string, GradientRow>> = {
  ...arithmeticRules,
  ...averagePoolRules,
  ...gateRules,
  ...lrnRules,
  ...matmulRules,
  ...movementRules,
  ...rectifierRules,
  ...reduceRules,
  ...softmaxRules,
  Conv: { rule: convGradient },
  MaxPool: { rule: maxPoolGradient, convention: "the first maximum in row-major order" },
};

/** Operators that pass no gradient on: steps, comparisons, indices, shapes, random numbers. */
export const NO_GRADIENT: ReadonlySet<string> = new Set(
  `And ArgMax ArgMin BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil Constant
  ConstantOfShape Equal EyeLike Floor Greater GreaterOrEqual Hardmax IsInf IsNaN Less LessOrEqual
  Multinomial NonZero Not OneHot Or RandomNormal RandomNormalLike RandomUniform RandomUniformLike
  Range Round Shape Sign Size Xor`.split(/\s+/),
);
