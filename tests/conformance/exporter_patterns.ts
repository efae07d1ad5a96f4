/** What becomes of an operator: how gradients pass it. */
export type Outcome =
  /** It has a rule of its own. */
  | "gradient"
  /** It is written as others where a gradient is asked for. */
  | "spelled out"
  /** It is written as others when the network is opened. */
  | "taken apart"
  /** It runs, and passes nothing on by its nature. */
  | "no gradient"
  /** It runs; a gradient through it is refused by name. */
  | "runs";

/** Operators that an exporter writes for one thing, and what becomes of them. */
export interface ExporterPattern {
  readonly exporter: string;
  /** What the network has. */
  readonly of: string;
  readonly operators: readonly string[];
  readonly outcome: Outcome;
}

const pattern = (
  exporter: string,
  of: string,
  operators: string,
  outcome: Outcome = "gradient",
): ExporterPattern => ({ exporter, of, operators: operators.split(" "), outcome });

const DYNAMO = "PyTorch (dynamo)";
const SCRIPT = "PyTorch (TorchScript)";
const TF = "tf2onnx, Keras";
const PADDLE = "paddle2onnx";
const SKLEARN = "skl2onnx";
const RUNTIME = "ONNX Runtime, Optimum";

/** What exporters of vision networks of 2024 to 2026 write, beside convolutions and products. */
export const EXPORTER_PATTERNS: readonly ExporterPattern[] = [
  pattern(DYNAMO, "functions of pkg.onnxscript and pkg.torch", "Identity Cast CastLike"),
  pattern(DYNAMO, "activations", "Gelu HardSwish Mish Swish HardSigmoid Celu"),
  pattern(DYNAMO, "norms", "LayerNormalization GroupNormalization RMSNormalization"),
  pattern(DYNAMO, "attention", "Attention RotaryEmbedding Softmax Einsum Trilu"),
  pattern(
    DYNAMO,
    "chunk, split, unbind (DINOv3, gated layers)",
    "SplitToSequence SequenceAt",
    "taken apart",
  ),
  pattern(
    SCRIPT,
    "lists, stack, cat",
    "SequenceConstruct SequenceEmpty SequenceInsert ConcatFromSequence",
    "taken apart",
  ),
  pattern(DYNAMO, "interpolate, antialias, grids of positions", "Resize"),
  pattern(DYNAMO, "grid_sample of maps and volumes, affine_grid", "GridSample AffineGrid"),
  pattern(DYNAMO, "fold, pad to a size", "Col2Im CenterCropPad Pad"),
  pattern(DYNAMO, "torch.fft (GFNet, Fourier convolutions)", "DFT"),
  pattern(DYNAMO, "index_put, scatter, where", "ScatterND ScatterElements GatherND Where"),
  pattern(DYNAMO, "torchvision's deform_conv2d", "DeformConv", "spelled out"),
  pattern(DYNAMO, "torchvision's roi_align", "RoiAlign"),
  pattern(DYNAMO, "LSTM, GRU, RNN of text recognition", "LSTM GRU RNN", "spelled out"),
  pattern(SCRIPT, "squeeze of open shapes, conditions on shapes", "If", "taken apart"),
  pattern(
    SCRIPT,
    "shapes, pads and indices that are computed",
    "Shape ConstantOfShape Range NonZero OneHot EyeLike",
    "no gradient",
  ),
  pattern("timm", "global pooling, blur pooling, space to depth", "ReduceMean Pad SpaceToDepth"),
  pattern("Ultralytics", "silu, splits, upsampling", "Sigmoid Mul Split Resize Concat"),
  pattern("Ultralytics", "the largest scores", "TopK GatherElements"),
  pattern("Ultralytics, torchvision", "boxes that are left", "NonMaxSuppression", "runs"),
  pattern(TF, "channels last", "Transpose Pad Squeeze ReduceMean"),
  pattern(TF, "crops of resized images, upsampling", "Resize"),
  pattern(TF, "reverse, bidirectional layers", "ReverseSequence"),
  pattern(TF, "batches of space, depth to space", "DepthToSpace SpaceToDepth"),
  pattern(PADDLE, "hard swish and sigmoid, relu6", "HardSigmoid HardSwish Clip Div"),
  pattern(PADDLE, "group norm", "InstanceNormalization Reshape"),
  pattern(PADDLE, "text recognition", "LSTM GRU", "spelled out"),
  pattern(PADDLE, "deformable convolution", "DeformConv", "spelled out"),
  pattern(
    SKLEARN,
    "linear models, scalers, norms",
    "LinearClassifier LinearRegressor Scaler Normalizer",
    "taken apart",
  ),
  pattern(SKLEARN, "trees, support vectors", "TreeEnsembleClassifier SVMClassifier", "runs"),
  pattern(
    RUNTIME,
    "fused layers",
    "FusedConv FusedGemm FusedMatMul BiasGelu FastGelu QuickGelu NhwcFusedConv",
    "taken apart",
  ),
  pattern(
    RUNTIME,
    "fused norms and attention",
    "SkipLayerNormalization SkipSimplifiedLayerNormalization SimplifiedLayerNormalization " +
      "MultiHeadAttention",
    "taken apart",
  ),
  pattern(
    RUNTIME,
    "quantised layers, straight-through",
    "QLinearConv QLinearMatMul ConvInteger MatMulInteger DynamicQuantizeMatMul " +
      "MatMulIntegerToFloat QGemm",
    "taken apart",
  ),
  pattern(
    RUNTIME,
    "weights of few bits (q4, bnb4 of transformers.js)",
    "MatMulNBits MatMulBnb4",
    "taken apart",
  ),
  pattern(
    "all",
    "random numbers, in training",
    "RandomNormal RandomUniform Multinomial",
    "no gradient",
  ),
  pattern(
    "all",
    "loops, largest of regions, determinants, spectra over time",
    "Loop Scan MaxRoiPool Det STFT",
    "runs",
  ),
];
