import { InputError } from "../errors.ts";
import type { Emitter } from "./emitter.ts";

/**
 * A scalar to differentiate: adds nodes that compute it from forward tensors and returns its name.
 * Everything it is made of has a gradient rule itself. Over a batch, objectives are summed, so that
 * the gradient of each image is that of its own objective.
 */
export type Objective = (emit: Emitter) => string;

/** Where a unit is within its layer [N, C, H, W] or [N, C]. */
export interface UnitPosition {
  readonly channel: number;
  /** Both or neither; without them the channel is summed over its positions. */
  readonly row?: number;
  readonly column?: number;
}

function total(emit: Emitter, value: string): string {
  return emit.op("ReduceSum", [value], { keepdims: 0 });
}

/**
 * The activation of one unit of `layer`, or of a whole channel.
 *
 * @throws {RangeError} If the layer has no such unit; the message says what is valid.
 */
export function unit(layer: string, position: UnitPosition): Objective {
  return (emit) => {
    requireUnit(layer, emit.dims(layer), position);
    let value = layer;
    placesOf(position).forEach((at, axis) => {
      if (at !== undefined) value = emit.slice(value, axis, at, at + 1);
    });
    return total(emit, value);
  };
}

/** By axis; undefined where all places count. */
const placesOf = ({ channel, row, column }: UnitPosition) => [undefined, channel, row, column];

/**
 * Checks that a layer has a unit.
 *
 * @param dims Of the layer.
 * @throws {RangeError} If not; the message says what is valid.
 */
export function requireUnit(layer: string, dims: readonly number[], position: UnitPosition): void {
  const names = ["batch", "channel", "row", "column"];
  placesOf(position).forEach((at, axis) => {
    if (at === undefined) return;
    if (axis >= dims.length) {
      throw new InputError(`Cannot pick a ${names[axis]} of "${layer}": its shape is [${dims}]`);
    }
    if (!Number.isInteger(at) || at < 0 || at >= dims[axis]) {
      throw new InputError(
        `Cannot pick ${names[axis]} ${at} of "${layer}": it has 0 to ${dims[axis] - 1}`,
      );
    }
  });
}

/**
 * What makes probabilities of scores: one class of all, or each class by itself, yes or no, or
 * nothing, where the scores are probabilities already.
 */
export type ScoreLink = "softmax" | "sigmoid" | "none";

/** Below every probability that is told apart; its logarithm is finite. */
const LEAST_PROBABILITY = 1e-37;

/**
 * The log-probability of a class, given the tensor of logits [N, classes].
 *
 * @param link How scores become probabilities. @default "softmax"
 * @throws {RangeError} If there is no such class.
 */
export function logProbability(
  logits: string,
  classIndex: number,
  link: ScoreLink = "softmax",
): Objective {
  return (emit) => {
    const rank = emit.dims(logits).length;
    const flat = rank === 2 ? logits : emit.op("Flatten", [logits], { axis: 1 });
    if (link === "none") {
      const least = emit.scalar(LEAST_PROBABILITY, flat);
      return unit(emit.op("Log", [emit.op("Max", [flat, least])]), { channel: classIndex })(emit);
    }
    const rivals = link === "softmax" ? flat : yesOrNo(emit, flat, classIndex);
    const channel = link === "softmax" ? classIndex : 0;
    return unit(emit.op("LogSoftmax", [rivals], { axis: 1 }), { channel })(emit);
  };
}

/** The score of a class and a zero: their softmax is the sigmoid of the score. */
function yesOrNo(emit: Emitter, scores: string, classIndex: number): string {
  const yes = emit.slice(scores, 1, classIndex, classIndex + 1);
  return emit.concat([yes, emit.zerosLike(yes)], 1);
}

/**
 * The cross-entropy -sum p log softmax(logits) of logits [N, classes, ...] with probabilities p,
 * which are a new input of the model called `probabilitiesInput`, shaped like the logits.
 */
export function crossEntropy(logits: string, probabilitiesInput: string): Objective {
  return (emit) => {
    const { dims, type } = emit.fact(logits);
    const probabilities = emit.input(probabilitiesInput, dims, type);
    const logs = emit.op("LogSoftmax", [logits], { axis: 1 });
    return emit.scale(total(emit, emit.mul(logs, probabilities)), -1);
  };
}

/** Half the sum of squares of a layer: what DeepDream raises. */
export function energy(layer: string): Objective {
  return (emit) => {
    const squares = emit.op("ReduceSumSquare", [layer], { keepdims: 0 });
    return emit.scale(squares, 0.5);
  };
}

/**
 * The squared Euclidean distance of a layer from a code, which is a new input of the model called
 * `codeInput`, shaped like the layer: what inversion lowers.
 */
export function distance(layer: string, codeInput: string): Objective {
  return (emit) => {
    const code = emit.input(codeInput, emit.dims(layer), emit.fact(layer).type);
    return emit.op("ReduceSumSquare", [emit.sub(layer, code)], { keepdims: 0 });
  };
}

/**
 * {@linkcode distance} over the squared norm of the code: 0 where layer and code are equal, 1 at a
 * layer of zeros.
 */
export function relativeDistance(layer: string, codeInput: string): Objective {
  return (emit) => {
    const apart = distance(layer, codeInput)(emit);
    const norm = emit.op("ReduceSumSquare", [codeInput], { keepdims: 0 });
    return emit.div(apart, norm);
  };
}

/**
 * How the channels of `layer`, [1, C, ...], occur together: the products of each two, averaged over
 * the positions. [C, C]
 *
 * @throws {RangeError} If the layer has a batch.
 * @see Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks", 2016
 */
export function gramMatrix(layer: string): (emit: Emitter) => string {
  return (emit) => {
    const [batch, channels, ...extents] = emit.dims(layer);
    if (batch !== 1) {
      throw new InputError(`Cannot make the Gram matrix of "${layer}": its batch is ${batch}`);
    }
    const positions = extents.reduce((product, extent) => product * extent, 1);
    const rows = emit.reshape(layer, [channels, positions]);
    // Without a transposed copy, which a large layer would have twice in each pass.
    return emit.scale(emit.op("Gemm", [rows, rows], { transB: 1 }), 1 / positions);
  };
}

/**
 * The squared distance between the Gram matrix of a layer [1, C, ...] over its positions, divided
 * by their number, and a matrix [C, C], which is a new input of the model called `gramInput`, over
 * the squared norm of that matrix.
 *
 * @throws {RangeError} If the batch is not 1.
 */
export function gramDistance(layer: string, gramInput: string): Objective {
  return (emit) => {
    const gram = gramMatrix(layer)(emit);
    const wanted = emit.input(gramInput, emit.dims(gram), emit.fact(layer).type);
    const apart = emit.op("ReduceSumSquare", [emit.sub(gram, wanted)], { keepdims: 0 });
    return emit.div(apart, emit.op("ReduceSumSquare", [wanted], { keepdims: 0 }));
  };
}

/** The sum of |x|^exponent over a tensor: large exponents hold back only what is far from 0. */
export function powerSum(tensor: string, exponent: number): Objective {
  return (emit) => total(emit, emit.pow(emit.op("Abs", [tensor]), exponent));
}

/**
 * The sum of squared differences of neighbours, right and below, in a tensor [N, C, H, W].
 *
 * @see Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", 2015
 * (the regulariser with beta = 2)
 */
export function totalVariation(tensor: string): Objective {
  return (emit) => {
    const along = (axis: number) => {
      const extent = emit.dims(tensor)[axis];
      const steps = emit.sub(emit.slice(tensor, axis, 1), emit.slice(tensor, axis, 0, extent - 1));
      return emit.op("ReduceSumSquare", [steps], { keepdims: 0 });
    };
    return emit.add(along(2), along(3));
  };
}

/**
 * The dot product of a layer with weights, which are a new input of the model called
 * `weightsInput`, shaped like the layer. One model so serves every class or unit: the weights
 * choose it when it runs.
 */
export function projection(layer: string, weightsInput: string): Objective {
  return (emit) => {
    const weights = emit.input(weightsInput, emit.dims(layer), emit.fact(layer).type);
    return total(emit, emit.mul(layer, weights));
  };
}

/**
 * One channel of `layer` [1, C, H, W] summed over its positions, each with a weight.
 *
 * @param weights [H, W]
 */
export function weightedChannel(
  layer: string,
  channel: number,
  weights: ArrayLike<number>,
): Objective {
  return (emit) => {
    const [, , height, width] = emit.dims(layer);
    const plane = emit.slice(layer, 1, channel, channel + 1);
    return total(emit, emit.mul(plane, emit.array(weights, [1, 1, height, width], layer)));
  };
}

/** A weighted sum of objectives. */
export function weightedSum(
  terms: readonly (readonly [weight: number, objective: Objective])[],
): Objective {
  return (emit) => {
    if (terms.length === 0) throw new InputError("Cannot sum objectives: there are none");
    return terms.map(([weight, objective]) => emit.scale(objective(emit), weight))
      .reduce((a, b) => emit.add(a, b));
  };
}
