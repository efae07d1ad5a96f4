import type { Kernel } from "../../compute/mod.ts";
import type { Network } from "../../network/network.ts";
import { columnOf, COLUMNS, type TilePlan } from "./inference.ts";
import { tileEvaluator } from "./tile.ts";

const WIDTH = COLUMNS.length;

/** The measures at one position, {@linkcode COLUMNS}. */
export const tileKernel: Kernel<TilePlan, number, Float32Array, Network> = {
  id: "occlusion/tile",
  isResult(value, { job: { measures, layer } }) {
    if (!(value instanceof Float32Array) || value.length !== WIDTH) return false;
    const [logit, probability, topClass, topProbability, layerSum] = value;
    const isShare = (share: number) => share >= 0 && share <= 1 + 1e-5;
    if (!Number.isFinite(logit)) return false;
    if (Number.isFinite(layerSum) !== (layer !== null)) return false;
    if (measures === "logit") return true;
    return isShare(probability) && isShare(topProbability) && Number.isInteger(topClass) &&
      topClass >= 0;
  },
  async open(network, plan, options) {
    const evaluate = await tileEvaluator(network, plan, options);
    return async (positions, options) => {
      const { values } = await evaluate(positions, options);
      return positions.map((_, i) => values.slice(i * WIDTH, (i + 1) * WIDTH));
    };
  },
};

/** One column of the measures at one position. */
export const measureOf = (values: Float32Array, name: typeof COLUMNS[number]): number =>
  columnOf(values, name)[0];
