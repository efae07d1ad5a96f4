/**
 * Reverse-mode differentiation of ONNX graphs: a model in, a model that computes gradients out.
 * Depends on `shared/onnx` alone and runs nothing.
 *
 * @module
 */
export * from "./ascent_step.ts";
export * from "./best_match.ts";
export * from "./cosine.ts";
export * from "./differentiate.ts";
export * from "./log_odds.ts";
export * from "./objective.ts";
export * from "./relevance/mod.ts";
export * from "./relu_rule.ts";
export * from "./unsupported_operator_error.ts";
export { NO_GRADIENT, RULES } from "./rules.ts";
