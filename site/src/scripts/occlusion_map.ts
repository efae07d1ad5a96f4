import type { OcclusionOutline, OcclusionScores } from "../../../shared/api/mod.ts";
import { attributionOf } from "../../../shared/methods/occlusion/arrays.ts";
import {
  type OcclusionGrid,
  occlusionGrid,
  type Window,
} from "../../../shared/methods/occlusion/grid.ts";
import { Refinement } from "../../../shared/methods/occlusion/refinement.ts";

/** An occlusion map as far as it has arrived. What is not known yet, or not measured, is NaN. */
export class OcclusionMap {
  readonly grid: OcclusionGrid;
  readonly logit: Float64Array;
  readonly probability: Float64Array;
  readonly topClass: Float64Array;
  readonly topProbability: Float64Array;
  readonly layerSum: Float64Array;
  readonly #refinement: Refinement;

  constructor(readonly outline: OcclusionOutline) {
    const { image, window, stride } = outline;
    this.grid = occlusionGrid(image.height, image.width, window, stride);
    this.#refinement = new Refinement(this.grid.rows, this.grid.columns);
    const unknown = () => new Float64Array(this.grid.windows.length).fill(NaN);
    this.logit = unknown();
    this.probability = unknown();
    this.topClass = unknown();
    this.topProbability = unknown();
    this.layerSum = unknown();
  }

  add({ positions, ...columns }: OcclusionScores): void {
    for (const [name, values] of Object.entries(columns)) {
      const column = this[name as keyof typeof columns];
      positions.forEach((position, i) => column[position] = values[i]);
    }
  }

  /** `values` with those that are not known yet interpolated between those that are. */
  filledIn(values: Float64Array): Float64Array {
    return this.#refinement.interpolate(values);
  }

  /** Mean drop of the chosen score over the windows that cover each pixel. */
  drops(): Float32Array {
    const { image, score, unoccluded } = this.outline;
    const drops = this.filledIn(this[score]).map((value) => unoccluded[score] - value);
    return attributionOf([1, 1, image.height, image.width], this.grid.windows, drops).data;
  }

  /** The value of the position whose window is centred nearest, for each pixel. */
  spread(values: ArrayLike<number>): Float32Array {
    const { width, height } = this.outline.image;
    return Float32Array.from(
      { length: width * height },
      (_, i) => values[this.positionAt(i % width, Math.floor(i / width))],
    );
  }

  /** The position whose window is centred nearest to a pixel. */
  positionAt(x: number, y: number): number {
    const { rows, columns } = this.grid;
    const { window, stride } = this.outline;
    const nearest = (at: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.round((at + 0.5 - window / 2) / stride)));
    return nearest(y, rows) * columns + nearest(x, columns);
  }

  windowOf(position: number): Window {
    return this.grid.windows[position];
  }
}
