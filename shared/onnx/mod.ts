/**
 * ONNX files as data: read, write, build, walk, edit and print them. Knows no runtime.
 *
 * @module
 */
export * from "./attributes.ts";
export * from "./graph_index.ts";
export * from "./errors.ts";
export * from "./data_type.ts";
export * from "./model_file.ts";
export * from "./edit.ts";
export * from "./external_data.ts";
export * from "./inline_functions.ts";
export * from "./tensor_proto.ts";
export { MAX_WEIGHT_BYTES } from "./limits.ts";
export * from "./map_tensors.ts";
export * from "./model_builder.ts";
export * from "./operators.ts";
export * from "./opset.ts";
export * from "./print_model.ts";
export type * from "./proto/types.ts";
export * from "./value_info.ts";
export * from "./split_weights.ts";
export * from "./shape/broadcast.ts";
export * from "./shape/matmul_rules.ts";
export * from "./shape/fact.ts";
export * from "./shape/infer_shapes.ts";
export * from "./upgrade/upgrade_model.ts";
export * from "./rewrite/batch_of_one.ts";
export * from "./rewrite/channels_first.ts";
export * from "./rewrite/float_image.ts";
export * from "./rewrite/for_processor.ts";
export * from "./rewrite/for_webgpu.ts";
export * from "./rewrite/kept_on_gpu.ts";
export * from "./rewrite/image_axes.ts";
export * from "./rewrite/in_float32.ts";
export * from "./rewrite/inference_mode.ts";
export { hasSequences, SEQUENCE_OPERATORS } from "./rewrite/known_sequences.ts";
export * from "./rewrite/resize_to_sizes.ts";
export * from "./rewrite/rewrite_nodes.ts";
export * from "./rewrite/settle_windows.ts";
export { SPELLED_OUT, spellOut } from "./rewrite/spell_out.ts";
export * from "./rewrite/take_known_branches.ts";
export { fusedOperators, unfuse } from "./rewrite/unfuse.ts";
