import { InputError } from "../errors.ts";
import {
  differentiate,
  gradientOutput,
  logOdds,
  OBJECTIVE_OUTPUT,
  projection,
  type ReluRule,
} from "../grad/mod.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import type { RunOptions } from "../runtime/mod.ts";
import type { CutNetwork } from "../network/on_canvas.ts";
import type { Unit } from "../network/units.ts";

/** Name of the input that chooses among a layer's units. */
const WEIGHTS = "unit/weights";

/** A unit's score at an image, and its gradient by the image. */
export interface UnitSlope {
  readonly value: number;
  readonly gradient: Float32Array;
  /** The whole layer at that image. */
  readonly layer: Tensor<"float32">;
}

/** What is raised: activations, or the log odds of a class among the units of its layer. */
const OBJECTIVES = { activation: projection, "log-odds": logOdds } as const;

export interface UnitGradientOptions extends RunOptions {
  /** What rectifiers pass back. @default "plain" */
  readonly reluRule?: ReluRule;
  /** @default "activation" */
  readonly score?: keyof typeof OBJECTIVES;
}

/** Evaluates a unit at what the network is fed, [1, C, H, W]. */
export type UnitGradientFunction = (image: Tensor<"float32">) => Promise<UnitSlope>;

/**
 * Makes a function of images [1, C, H, W]: a unit's activation, the mean of a channel, or the log
 * odds of a class, with its gradient. All units of a layer are served by one session.
 *
 * @throws {RangeError} If the layer has no such unit; the message says what is valid.
 */
export const unitGradient = (
  network: CutNetwork,
  unit: Unit,
  options: UnitGradientOptions = {},
): UnitGradientFunction => unitGradients(network, unit.layer, options)(unit);

/** As {@linkcode unitGradient} for any unit of a layer; what they share is made once. */
export function unitGradients(
  network: CutNetwork,
  layer: string,
  { reluRule = "plain", score = "activation", ...options }: UnitGradientOptions = {},
): (unit: Unit) => UnitGradientFunction {
  const { inputName, inputDims } = network;
  const { model } = differentiate(network.model, {
    objective: OBJECTIVES[score](layer, WEIGHTS),
    wrt: [inputName],
    inputs: { [inputName]: inputDims },
    reluRule,
    outputs: [layer],
  });
  const outputs = [OBJECTIVE_OUTPUT, gradientOutput(inputName), layer];
  return (unit) => {
    const weights = unitWeights(network, unit);
    return async (image) => {
      const feeds = { [inputName]: image, [WEIGHTS]: weights };
      const results = await network.evaluate(model, feeds, outputs, options);
      const [value, gradient, activations] = outputs.map((name) => results[name]);
      return {
        value: Number(value.data[0]),
        gradient: gradient.data as Float32Array,
        layer: activations as Tensor<"float32">,
      };
    };
  };
}

/** 1 at the unit, or shares that make the mean of its channel; shaped like the layer. */
export function unitWeights(network: CutNetwork, unit: Unit): Tensor<"float32"> {
  const dims = network.facts.get(unit.layer)?.dims;
  if (dims === undefined || dims.length < 2) {
    throw new InputError(
      `Cannot find units in "${unit.layer}": its shape is ${
        dims ? `[${dims}]` : "not known"
      }, expected [1, channels, ...]`,
    );
  }
  const [, channels, ...extents] = dims;
  if (unit.channel >= channels) {
    throw new InputError(
      `Cannot pick channel ${unit.channel} of "${unit.layer}": it has 0 to ${channels - 1}`,
    );
  }
  const area = elementCount(extents);
  const weights = new Float32Array(channels * area);
  const start = unit.channel * area;
  const { row, column } = unit;
  if (row === undefined || column === undefined) {
    weights.fill(1 / area, start, start + area);
  } else {
    const [rows, columns] = extents;
    if (extents.length !== 2 || row >= rows || column >= columns) {
      throw new InputError(
        `Cannot pick the unit at row ${row}, column ${column} of "${unit.layer}": its channels ` +
          `are [${extents}]`,
      );
    }
    weights[start + row * columns + column] = 1;
  }
  return float32(weights, dims);
}
