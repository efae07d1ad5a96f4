import { InputError } from "../../errors.ts";
import {
  batchOfOne,
  channelsFirst,
  floatImage,
  imageAxes,
  inferenceMode,
  inFloat32,
  type Layout,
  type Model,
  opsetOf,
  type Rewritten,
  unfuse,
  upgradeModel,
} from "../../onnx/mod.ts";

import { imageName } from "./feed_inputs.ts";

/** ONNX Runtime takes minutes to load more; the largest networks in use have 3,000. */
const MAX_NODES = 10_000;

/** The oldest operator set that the runtime knows. */
const OLDEST_OPSET = 7;

export interface PrepareOptions {
  /** Name of the image. @default the first input that can be one */
  readonly image?: string;
  /** Order of the image's axes. @default as it is found */
  readonly layout?: Layout;
}

/** One step of the way from a file to what the methods work on. */
type Step = (model: Model, image: string, options: PrepareOptions) => Rewritten;

const silently = (change: (model: Model, image: string) => Model): Step => (model, image) => ({
  model: change(model, image),
  notes: [],
});

const STEPS: readonly Step[] = [
  (model) => {
    const opset = opsetOf(model);
    if (opset >= OLDEST_OPSET) return { model, notes: [] };
    return {
      model: upgradeModel(model),
      notes: [`It is of operator set ${opset}, and is rewritten for 18.`],
    };
  },
  (model) => unfuse(model),
  (model) => ({ model, notes: isQuantised(model) ? [QUANTISED] : [] }),
  (model) => inferenceMode(model),
  (model, image) => floatImage(model, image),
  silently(inFloat32),
  (model, image, { layout }) => {
    const axes = imageAxes(model, image, layout);
    return { model: axes ? channelsFirst(model, axes, image) : model, notes: [] };
  },
  (model, image) => batchOfOne(model, image),
];

const QUANTISED =
  "It is quantised: gradients pass its rounding as the identity (straight-through).";

const isQuantised = ({ graph }: Model) =>
  graph.node.some(({ opType = "" }) => /^(Dynamic)?QuantizeLinear$/.test(opType));

/**
 * A network as the methods take it: of one image [1 or N, C, H, W] in float32, with standard
 * operators, as it is used and not as it is trained. What a person should know of the changes is
 * said in notes. The names of tensors stay.
 *
 * @throws {RangeError} If a node has a form that was removed, or there are too many.
 */
export function prepareModel(source: Model, options: PrepareOptions = {}): Rewritten {
  const nodes = source.graph.node.length;
  // Before anything is done with them.
  if (nodes > MAX_NODES) {
    throw new InputError(
      `Cannot use the network: it has ${nodes} nodes, at most ${MAX_NODES} are allowed`,
    );
  }
  const image = imageName(source, options.image);
  if (image === undefined) return { model: source, notes: [] };
  let model = source;
  const notes: string[] = [];
  for (const step of STEPS) {
    const done = step(model, image, options);
    model = done.model;
    notes.push(...done.notes);
  }
  return { model, notes };
}
