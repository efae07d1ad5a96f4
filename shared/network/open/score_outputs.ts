import {
  type AttributeProto,
  Attributes,
  GraphIndex,
  inferShapes,
  inputsOf,
  type Model,
  type NodeProto,
  upgradeModel,
} from "../../onnx/mod.ts";
import type { Manifest } from "../../models/manifest.ts";
import { imageInput } from "../image_input.ts";
import { prepareModel } from "./prepare_model.ts";

/** A tensor that may hold the class scores, and what leads to it. */
export interface ScoreOutput {
  readonly tensor: string;
  /** The graph's output that it was found behind. */
  readonly output: string;
  /** The operator that makes names or the largest of the scores; undefined of an output itself. */
  readonly by?: string;
}

/** Which input of an operator, whose output is a name, a number or no tensor, has the scores. */
const BEHIND: Readonly<Record<string, number>> = {
  ArgMax: 0,
  ArrayFeatureExtractor: 1,
  LabelEncoder: 0,
  Optional: 0,
  SplitToSequence: 0,
  TopK: 0,
  ZipMap: 0,
};

/** Each of whose inputs may be the scores. */
const LIST = "SequenceConstruct";

/** Names that outputs have which are no scores of classes, and those of them that are. */
const FEATURES = /embed|feature|descriptor|pooler|hidden|latent|representation/i;
const SCORES = /logit|score|prob|class|label|pred/i;

/**
 * Where the class scores may be, the likeliest first: behind ZipMap, TopK, ArgMax and the names of
 * the classes, and the outputs themselves; those that are named as features last.
 */
export function scoreOutputs(index: GraphIndex): ScoreOutput[] {
  const found = index.graph.output.flatMap(({ name = "" }) => scoresBehind(index, name, name));
  const order = ({ output, by }: ScoreOutput) =>
    by === "ZipMap" ? 0 : SCORES.test(output) ? 1 : FEATURES.test(output) ? 3 : 2;
  return found.toSorted((a, b) => order(a) - order(b));
}

function scoresBehind(
  index: GraphIndex,
  output: string,
  name: string,
  maker?: string,
): readonly ScoreOutput[] {
  let [tensor, by] = [name, maker];
  for (let node = index.producer(tensor); node; node = index.producer(tensor)) {
    const { opType = "" } = node;
    if (opType === LIST) {
      return node.input.flatMap((element) => scoresBehind(index, output, element, by ?? LIST));
    }
    const place = Object.hasOwn(BEHIND, opType) ? BEHIND[opType] : namesPlace(index, node);
    if (place === undefined) break;
    by ??= opType;
    tensor = node.input[place];
  }
  return [{ tensor, output, ...by !== undefined && { by } }];
}

/** Gather takes the names of classes by their numbers, which are then its second input. */
function namesPlace(index: GraphIndex, { opType, input }: NodeProto): number | undefined {
  if (opType !== "Gather" || !index.initializers.has(input[0])) return undefined;
  const maker = index.producer(input[1]);
  return maker?.opType === "ArgMax" || maker?.opType === "TopK" ? 1 : undefined;
}

const utf8 = new TextDecoder();

/** The names of the classes that a graph holds itself: those of a ZipMap, LabelEncoder or list. */
export function labelsInGraph(index: GraphIndex): readonly string[] | undefined {
  for (const node of index.order) {
    const { opType = "", input } = node;
    if (opType === "ZipMap") {
      const named = held(node, "classlabels_strings")?.strings.map((text) => utf8.decode(text));
      if (named && named.length > 0) return named;
      const numbers = held(node, "classlabels_int64s")?.ints.map((id) => `class ${id}`);
      if (numbers && numbers.length > 0) return numbers;
    }
    if (opType === "LabelEncoder") {
      const values = held(node, "values_strings") ?? held(node, "classes_strings");
      if (values && values.strings.length > 0) {
        return values.strings.map((text) => utf8.decode(text));
      }
    }
    const isList = opType === "ArrayFeatureExtractor" || opType === "Gather";
    const stored = isList ? index.initializers.get(input[0]) : undefined;
    if (stored && stored.stringData.length > 1) {
      return stored.stringData.map((text) => utf8.decode(text));
    }
  }
  return undefined;
}

const held = (node: NodeProto, name: string): AttributeProto | undefined =>
  node.attribute.find((one) => one.name === name);

/** Norms that a code is divided by. */
const NORMS: ReadonlySet<string> = new Set(["LpNormalization", "ReduceL2"]);

/** Nodes that are looked at behind an output. */
const MAX_NORM_STEPS = 8;

/**
 * Whether an output is features and no scores: by its name, or because it is divided by its
 * Euclidean norm, as the codes of encoders are.
 */
export function isFeatures(index: GraphIndex, { tensor, output, by }: ScoreOutput): boolean {
  if ((by !== undefined && by !== LIST) || SCORES.test(output)) return false;
  if (FEATURES.test(output) || FEATURES.test(tensor)) return true;
  const node = index.producer(tensor);
  if (node?.opType === "LpNormalization") return new Attributes(node).int("p", 2) === 2;
  return node?.opType === "Div" && isNorm(index, node.input[1], node.input[0]);
}

/** Whether `name` is the norm of `of`, be it spelled out or kept away from 0. */
function isNorm(index: GraphIndex, name: string, of: string): boolean {
  const waiting = [name];
  for (let step = 0; step < MAX_NORM_STEPS && waiting.length > 0; step++) {
    const node = index.producer(waiting.shift()!);
    if (!node) continue;
    const { opType = "" } = node;
    if (NORMS.has(opType)) return node.input[0] === of;
    if (opType === "ReduceSumSquare") return node.input[0] === of;
    if (opType === "Mul" && node.input[0] === of && node.input[1] === of) return true;
    if (opType === "Pow" && node.input[0] === of) return true;
    waiting.push(...inputsOf(node));
  }
  return false;
}

/**
 * How many classes a network seems to tell apart, by the shapes in its graph: nothing is run. 0
 * where its main output is no list of scores.
 *
 * @throws {RangeError} If the network cannot be used, or a shape in it is not known.
 */
export function countClasses(file: Model, manifest: Manifest): number {
  const { name: image, layout } = manifest.input;
  const { model } = prepareModel(file, { image, layout });
  const index = new GraphIndex(model.graph);
  const [output] = scoreOutputs(index);
  if (!output || isFeatures(index, output)) return 0;
  const { name, dims: fed } = imageInput(model, manifest);
  const facts = inferShapes(upgradeModel(model), { inputs: { [name]: fed } });
  const dims = facts.get(output.tensor)?.dims ?? [];
  const isList = dims.slice(2).every((extent) => extent === 1);
  return isList ? dims[1] ?? dims[0] ?? 0 : 0;
}
