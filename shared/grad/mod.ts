/**
 * Reverse-mode differentiation of ONNX graphs: a model in, a model that computes gradients out.
 * Depends on `shared/onnx` alone and runs nothing.
 *
 * @module
 */
export * from "./ascent_step.ts";
export * from "./score_objectives.ts";
export * from "./differentiate.ts";
export * from "./forward_model.ts";
export * from "./objective.ts";
export * from "./relevance/propagate_relevance.ts";
export * from "./relevance/relevance_rule.ts";
export * from "./gradient_scope.ts";
export * from "./errors.ts";
export { NO_GRADIENT, RULES } from "./rules.ts";
