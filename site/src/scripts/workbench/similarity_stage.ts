import type { ArrayLink, RunResult } from "../../../../shared/api/mod.ts";
import { VIRIDIS } from "../../../../shared/image/colormap.ts";
import { valueRange } from "../../../../shared/image/heatmap.ts";
import { cosines } from "../../../../shared/methods/similarity/compare.ts";
import { type Features, featuresOf } from "../../../../shared/methods/similarity/features.ts";
import { rowOf } from "../../../../shared/tensor/tensor.ts";
import { ARROWS } from "../arrow_keys.ts";
import { element } from "../element.ts";
import { heatCanvas } from "../heat_canvas.ts";
import { drawSeen } from "./draw_seen.ts";
import { readArray, type ResultSource } from "./result_source.ts";

/** Of the similarity over the image. */
const OPACITY = 0.65;

/** An image with the features of its positions. */
interface Compared {
  /** What the network sees, in grey. */
  readonly ground: HTMLCanvasElement;
  readonly features: Features;
}

/** What there is to point at, and the position that comes first. */
interface ReadPositions {
  readonly at: { readonly row: number; readonly column: number };
  readonly first: Compared;
  readonly second?: Compared;
}

/** The similarity of every position with the one that is pointed at, in two images at once. */
export class SimilarityStage {
  readonly #root = element("similarity-result", HTMLElement);
  readonly #first = element("similar-image", HTMLCanvasElement);
  readonly #second = element("similar-guide", HTMLCanvasElement);
  readonly #readout = element("similarity-readout", HTMLElement);
  #compared: (Compared & { readonly canvas: HTMLCanvasElement })[] = [];
  #at: ReadPositions["at"] | undefined;

  constructor() {
    const point = ({ offsetX, offsetY }: PointerEvent) => {
      const { clientWidth, clientHeight } = this.#first;
      this.#pointAt(offsetY / clientHeight, offsetX / clientWidth);
    };
    this.#first.addEventListener("pointermove", point);
    this.#first.addEventListener("pointerdown", point);
    this.#first.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      if (!step) return;
      event.preventDefault();
      if (this.#at) this.#select(this.#at.row + step[0], this.#at.column + step[1]);
    });
  }

  hide(): void {
    this.#root.hidden = true;
  }

  /** @returns Undefined if there is no image to point at. */
  async read(
    { arrays, measures }: RunResult,
    source: ResultSource,
  ): Promise<ReadPositions | undefined> {
    const [first, second] = await Promise.all([
      readCompared(arrays.features, source.image, source),
      readCompared(arrays.guide_features, source.guide, source),
    ]);
    const at = { row: Number(measures.row), column: Number(measures.column) };
    return first && { at, first, second };
  }

  show({ at, first, second }: ReadPositions): void {
    this.#compared = [{ ...first, canvas: this.#first }];
    if (second) this.#compared.push({ ...second, canvas: this.#second });
    for (const { canvas, ground } of this.#compared) {
      canvas.width = ground.width;
      canvas.height = ground.height;
    }
    this.#second.hidden = second === undefined;
    this.#root.hidden = false;
    this.#at = undefined;
    this.#select(at.row, at.column);
  }

  /** @param y Share of the height. @param x Share of the width. */
  #pointAt(y: number, x: number): void {
    const [first] = this.#compared;
    if (!first) return;
    const { height, width } = first.features;
    this.#select(Math.floor(y * height), Math.floor(x * width));
  }

  #select(row: number, column: number): void {
    const { height, width, vectors, norms } = this.#compared[0].features;
    const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
    const at = { row: clamp(row, height), column: clamp(column, width) };
    if (at.row === this.#at?.row && at.column === this.#at.column) return;
    this.#at = at;
    const position = at.row * width + at.column;
    const place = `Row ${at.row}, column ${at.column}`;
    if (norms[position] === 0) {
      this.#readout.textContent = `${place}: nothing responds there.`;
      return;
    }
    const vector = rowOf(vectors, position);
    const bests = this.#compared.map(({ features, ...drawn }) => {
      const found = cosines(features, vector);
      draw(drawn, { width: features.width, height: features.height, values: found });
      // Of the image itself, the position is the most similar to itself.
      const own = features === this.#compared[0].features ? position : -1;
      const best = found.reduce((most, value, i) => i === own ? most : Math.max(most, value), -1);
      return best.toFixed(2);
    });
    this.#readout.textContent = `${place}. Most similar elsewhere: ${bests[0]}` +
      (bests.length > 1 ? `; in the second image: ${bests[1]}.` : ".");
  }
}

async function readCompared(
  link: ArrayLink | undefined,
  image: Blob | undefined,
  source: ResultSource,
): Promise<Compared | undefined> {
  if (!link || !image) return undefined;
  const seen = await createImageBitmap(image).catch(() => undefined);
  if (!seen) return undefined;
  const [colored, ground] = [0, 1].map(() => document.createElement("canvas"));
  drawSeen(colored, seen, source);
  seen.close();
  ground.width = colored.width;
  ground.height = colored.height;
  const context = ground.getContext("2d")!;
  context.filter = "grayscale(1)";
  context.drawImage(colored, 0, 0);
  return { ground, features: featuresOf(await readArray(link), "features") };
}

function draw(
  { canvas, ground }: { readonly canvas: HTMLCanvasElement; readonly ground: HTMLCanvasElement },
  grid: { readonly width: number; readonly height: number; readonly values: Float32Array },
): void {
  // From the least similar on: after a rectifier no cosine is below 0, and few are far from 1.
  const { min } = valueRange(grid.values, VIRIDIS.kind);
  const context = canvas.getContext("2d")!;
  context.globalAlpha = 1;
  context.drawImage(ground, 0, 0);
  context.globalAlpha = OPACITY;
  context.drawImage(
    heatCanvas(grid, VIRIDIS, { min, max: 1 }),
    ...[0, 0, canvas.width, canvas.height] as const,
  );
}
