/** How a measure is told to a person. */
export interface MeasureInfo {
  readonly label: string;
  /** How to read it. */
  readonly sentence: string;
  /** "%": a share of 0 to 1, shown as per cent. @default none */
  readonly unit?: string;
}

type Row = readonly [label: string, sentence: string, unit?: string];

/**
 * What the measures mean, by their keys, nested ones included: one key means the same in every
 * method.
 */
const ROWS: Readonly<Record<string, Row>> = {
  // What was looked at.
  target: ["Target", "The class, or another score, that the result is about."],
  targetIndex: ["Class index", "The place of the class in the network's output."],
  index: ["Class index", "The place of the class in the network's output."],
  label: ["Class", "The name of the class."],
  name: ["Name", "What it is called."],
  layer: ["Layer", "The tensor that was looked at."],
  tensor: ["Tensor", "The name of the layer's output in the ONNX file."],
  unit: ["Unit", "The channel, or the place in it, that was activated."],
  channel: ["Channel", "The channel's place in the layer, from 0."],
  channels: ["Channels", "The channels that are shown, from 0."],
  units: ["Units", "How many units the layer has."],
  place: ["Place", "Where the channel was activated: everywhere, or at a row and a column."],
  method: ["Method", "The variant of the method."],
  quantity: ["Quantity", "What was differentiated."],
  seed: ["Seed", "The seed of all that is random."],
  // What the network says.
  score: ["Score", "The score of the target, before the softmax unless it says otherwise."],
  value: ["Value", "The value of what was differentiated."],
  logit: ["Logit", "The score of the class before the softmax."],
  probability: ["Probability", "How sure the network is of the class.", "%"],
  top1: ["Most probable class", "What the network takes the image for."],
  isTop1: ["Recognised", "Whether the class is the most probable one."],
  topClass: ["Most probable class", "Its place in the network's output."],
  topLabel: ["Most probable class", "What the network takes the image for."],
  topProbability: ["Its probability", "How sure the network is of the most probable class.", "%"],
  topClassKept: [
    "Positions that keep the class",
    "At so many positions of the occluder the most probable class stays what it was.",
  ],
  classes: ["Classes", "The classes in the order of their scores."],
  unoccluded: ["Without the occluder", "What the network says of the whole image."],
  layerSum: ["Layer's activation", "The total activation of the followed channel."],
  network: ["Network", "Another network, trained on its own, that judges the result."],
  transfer: ["Another network", "What a network that did not make the image says of it."],
  rank: ["Rank", "The place of the class among all, by probability; 1 is the most probable."],
  // Occlusion.
  rows: ["Rows", "Positions of the occluder from top to bottom."],
  columns: ["Columns", "Positions of the occluder from left to right."],
  positions: ["Positions", "Places of the occluder."],
  positionsDone: ["Positions done", "Places of the occluder that were computed."],
  largestDrop: ["Largest drop", "Where hiding a part of the image costs the class most."],
  drop: ["Drop", "How much the score falls there."],
  row: ["Row", "Counted from the top, from 0."],
  column: ["Column", "Counted from the left, from 0."],
  inference: ["Inference", "Whether each position runs the whole network or what it changes."],
  incremental: ["Incremental plan", "What computing only what the occluder changes saves."],
  speedup: ["Expected speed-up", "Times as fast as the full network at each position."],
  breakEven: ["Break-even", "Beyond this share of changed positions a layer is run whole.", "%"],
  multiplyAdds: [
    "Multiply-adds",
    "Of one position: full, incremental, and the least that must be.",
  ],
  map: ["Map", "Rows and columns of the layer's map.", "positions"],
  changes: ["Changes", "Rows and columns that the occluder changes, on average.", "positions"],
  planned: ["Planned", "Multiply-adds for one position of the occluder, on average."],
  computed: ["Computed", "Whether the layer is run whole, or the part that changes."],
  reason: ["Reason", "Why the layer cannot be computed in part."],
  full: ["Full", "Multiply-adds of the whole network."],
  bound: ["Bound", "The multiply-adds that must be done."],
  // Gradients and attributions.
  l2Norm: ["L2 norm", "The length of the gradient as a vector."],
  largest: ["Largest value", "The largest absolute value."],
  sanity: ["Sanity check", "The map with randomised weights; a trustworthy map changes with them."],
  layers: ["Layers", "How many layers were randomised, or were looked at."],
  sizes: ["Rank correlation of sizes", "With the trained map; 1 is the same order, 0 is none."],
  values: ["Rank correlation of values", "With the trained map, signs included."],
  ssim: ["Structural similarity", "With the trained map; 1 is the same image."],
  positiveShare: ["Supporting positions", "Share of the map that supports the class.", "%"],
  peak: ["Peak", "The largest value, and where it is."],
  height: ["Height", "Rows of the map.", "positions"],
  width: ["Width", "Columns of the map.", "positions"],
  forwardPasses: ["Forward passes", "How often the network was run."],
  scoreAtBaseline: ["Score of the baseline", "The score without the image."],
  completeness: ["Completeness", "Whether the attributions sum to the difference of the scores."],
  sum: ["Sum of the attributions", "Over all pixels and channels."],
  difference: ["Difference of the scores", "Of the image and of the baseline."],
  ratio: ["Completeness", "The sum over the difference; 100 % is complete.", "%"],
  gradients: ["Gradients", "How many gradients were averaged."],
  conservation: ["Conservation", "The sum of the relevance over the score; 100 % is all.", "%"],
  channelRelevances: ["Relevant channels", "How much of the score goes through each channel."],
  relevance: ["Relevance", "How much of the score goes through it."],
  share: ["Share", "Of the relevance of all channels, whatever its sign.", "%"],
  cosine: ["Cosine similarity", "1 is the same direction, 0 is unrelated."],
  best: ["Best match", "The most similar position of the second image."],
  // Synthesis.
  recipe: ["Recipe", "How the image was synthesised."],
  steps: ["Steps", "Steps that were made."],
  keptStep: ["Kept step", "The step whose image was kept."],
  stepSeconds: ["Time of a step", "Mean wall time.", "s"],
  images: ["Images", "One row for each image; or how many were looked at."],
  shownContrast: ["Contrast", "How many times the image's contrast was raised to be seen."],
  shiftedProbability: [
    "Probability when shifted",
    "The class in the image shifted by a few pixels.",
    "%",
  ],
  turnedProbability: [
    "Probability when turned",
    "The class in the image turned by a few degrees.",
    "%",
  ],
  jpegProbability: ["Probability as JPEG", "The class in the image after JPEG compression.", "%"],
  meanVariation: [
    "Mean variation",
    "Mean difference of neighbouring pixels; noise has much.",
    "levels",
  ],
  activation: ["Activation", "The largest activation of the channel in the image."],
  meanActivation: ["Mean activation", "Over all positions of the channel."],
  datasetActivation: ["Activation in dataset examples", "The largest in any image of the folder."],
  timesDataset: ["Times the dataset's", "The activation over that of the best dataset example."],
  datasetImages: ["Dataset examples", "The images of the folder that activate it most."],
  raises: ["Raises", "What the dream raises."],
  octaves: ["Octaves", "The sizes that were dreamt at, from small to large."],
  first: ["At first", "The value before the first step."],
  last: ["At last", "The value before the last step."],
  frames: ["Frames", "Frames of the zoom."],
  strengths: ["Strengths", "What the dream raises, frame by frame."],
  contentLayer: ["Content layer", "The layer whose features are kept."],
  contentLoss: ["Content distance", "Squared, relative to the content's features."],
  styleLosses: ["Style distances", "Squared, relative to the style's Gram matrices."],
  firstObjective: ["Loss at first", "Content, style and variation together."],
  lastObjective: ["Loss at last", "Content, style and variation together."],
  // Inversion.
  restarts: ["Restarts", "Images that were made from different noise."],
  compared: ["Compared images", "Images of the folder that the original was compared with."],
  prior: ["Prior", "What is assumed of the image beside its features."],
  shift: ["Shift", "Largest shift of a view of the image at the start.", "pixels"],
  zoom: ["Zoom", "Largest change of size of a view at the start.", "%"],
  angle: ["Angle", "Largest turn of a view at the start.", "radians"],
  optimizer: ["Optimizer", "How the pixels move."],
  tv: ["Total variation", "Strength of the prior against noise."],
  alpha: ["Exponent", "Of the norm that keeps pixels near the mean."],
  jitter: ["Jitter", "Largest shift between steps.", "pixels"],
  relativeErrors: ["Errors", "Distance of the features over their length.", "%"],
  pairDistance: ["Distance of two images", "Of the features, on average over the folder."],
  normalizedErrors: [
    "Errors by image distance",
    "Distance of the features over that of two images.",
    "%",
  ],
  ranks: ["Ranks", "The place of the original among the folder's images, nearest first."],
  isAmongFive: ["Among the nearest five", "Whether the original is, for every restart."],
  psnr: ["PSNR", "Likeness of the pixels.", "dB"],
  startDistance: ["Distance at the start", "Of the features of noise."],
  relativeStartDistance: ["Error at the start", "The same over their length.", "%"],
  // Evaluation.
  deletion: [
    "Deletion",
    "Area under the probability, or score, while the important pixels go; small is good.",
  ],
  insertion: [
    "Insertion",
    "Area under the probability, or score, while they come; large is good.",
  ],
  // Attention.
  query: ["Query", "The token that reads the others, or the mean over all."],
  heads: ["Heads", "The heads of the layer, each with an attention of its own."],
  head: ["Head", "The head's place in the layer, from 0."],
  unplacedShare: ["Off the image", "Attention on tokens without a position.", "%"],
  distance: ["Distance", "How far positions read on average.", "positions"],
  // Adversarial examples.
  isFooled: ["Fooled", "Whether the network takes the changed image for the class."],
  norm: ["Norm", "The size of the change that is kept small."],
  l2: ["L2 norm", "The length of the change as a vector.", "levels"],
  rootMeanSquare: ["Root mean square", "Of the change, over all pixels.", "levels"],
  linf: ["Largest change", "Of any pixel.", "levels"],
  changedShare: ["Changed pixels", "Share of the values that differ.", "%"],
  from: ["From", "The class before."],
  to: ["To", "The class that was aimed at."],
  probabilityBefore: ["Probability before", "Of the class in the original.", "%"],
  probabilityAfter: ["Probability after", "Of the class in the changed image.", "%"],
  top1After: ["Class after", "What the network takes the changed image for."],
  // Embedding.
  perplexity: ["Perplexity", "About how many neighbours t-SNE keeps near."],
  divergence: ["Divergence", "What t-SNE minimises; lower is better."],
  neighbours: ["Neighbours", "How many nearest images are compared."],
  trustworthiness: [
    "Trustworthiness",
    "Whether neighbours on the map are neighbours by features.",
    "%",
  ],
  continuity: ["Continuity", "Whether neighbours by features are neighbours on the map.", "%"],
  labelAccuracy: [
    "Neighbours of the same class",
    "How often the nearest on the map vote for it.",
    "%",
  ],
  labelAccuracyOfFeatures: ["The same by features", "How often the nearest by features do.", "%"],
  explainedVariance: ["Explained variance", "Share of the variance in each component.", "%"],
  assignmentCost: ["Cost of the grid", "Mean distance that images move to their cells."],
  gridColumns: ["Columns of the grid", "Cells from left to right."],
  gridRows: ["Rows of the grid", "Cells from top to bottom."],
  atlasColumns: ["Columns of the atlas", "Thumbnails in a row of the atlas."],
  names: ["Names", "The images' files."],
  labels: ["Labels", "What each image shows, where that is known."],
  // Activations, patches, weights, segmentation.
  dead: ["Dead channels", "Channels that no position activates."],
  strongest: ["Strongest channels", "The channels with the largest activation, and where it is."],
  count: ["Patches", "Patches for each channel."],
  field: ["Receptive field", "What a unit sees of the image.", "pixels"],
  rowHeight: ["Row height", "Of the sheet of patches.", "pixels"],
  weights: ["Weights", "The name of the kernel in the ONNX file."],
  operator: ["Operator", "The ONNX operator that uses the weights."],
  form: ["Shown as", "How the weights are laid out."],
  groups: ["Groups", "Groups of the convolution."],
  area: ["Area", "Share of the image that was cut out.", "%"],
  foregroundSeeds: ["Foreground seeds", "Share of the image known as foreground.", "%"],
  backgroundSeeds: ["Background seeds", "Share of the image known as background.", "%"],
  box: ["Bounding box", "The smallest box around the mask.", "pixels"],
  left: ["Left", "From the image's left border.", "pixels"],
  top: ["Top", "From the image's top border.", "pixels"],
};

/**
 * How the measure of that key is told.
 *
 * @returns Undefined for a key of no method, such as the name of a file.
 */
export function measureInfo(key: string): MeasureInfo | undefined {
  if (!Object.hasOwn(ROWS, key)) return undefined;
  const [label, sentence, unit] = ROWS[key];
  return { label, sentence, unit };
}
