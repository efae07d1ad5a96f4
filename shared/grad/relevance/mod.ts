/**
 * Layer-wise relevance propagation of ONNX graphs, written as graphs.
 *
 * @module
 */
export * from "./propagate_relevance.ts";
export * from "./relevance_rule.ts";
