/** The file that Transformers.js runs when no other precision is asked for. */
export const HUB_FILE = "onnx/model.onnx";

/** Where a repository may have its network, in the order of asking: the most precise first. */
export const HUB_FILES: readonly string[] = [
  HUB_FILE,
  "model.onnx",
  "onnx/model_fp16.onnx",
  "model_fp16.onnx",
  "onnx/model_quantized.onnx",
  "model_quantized.onnx",
  "onnx/model_int8.onnx",
  "onnx/model_uint8.onnx",
];

/** The files that say something about a repository's network; neither has to be there. */
export const HUB_CONFIGS = ["config.json", "preprocessor_config.json"] as const;
