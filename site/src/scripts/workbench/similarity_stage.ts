import type { ArrayLink, RunResult } from "../../../../shared/api/mod.ts";
import { VIRIDIS } from "../../../../shared/image/colormap.ts";
import { heatmap } from "../../../../shared/image/heatmap.ts";
import { cosines } from "../../../../shared/methods/similarity/compare.ts";
import { type Features, featuresOf } from "../../../../shared/methods/similarity/features.ts";
import { rowOf } from "../../../../shared/tensor/matrix.ts";
import { decodeNpy } from "../../../../shared/tensor/npy.ts";
import { element } from "../element.ts";
import { drawSeen } from "./draw_seen.ts";
import type { ResultSource } from "./result_source.ts";

/** Of the similarity over the image. */
const OPACITY = 0.65;

/** Rows and columns that a key moves on by. */
const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

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
  #at = { row: 0, column: 0 };

  constructor() {
    const point = ({ offsetX, offsetY }: PointerEvent) => {
      const { clientWidth, clientHeight } = this.#first;
      this.#pointAt(offsetY / clientHeight, offsetX / clientWidth);
    };
    this.#first.addEventListener("pointermove", point);
    this.#first.addEventListener("pointerdown", point);
    this.#first.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      this.#select(this.#at.row + step[0], this.#at.column + step[1]);
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
    this.#at = { row: clamp(row, height), column: clamp(column, width) };
    const position = this.#at.row * width + this.#at.column;
    const place = `Row ${this.#at.row}, column ${this.#at.column}`;
    if (norms[position] === 0) {
      this.#readout.textContent = `${place}: nothing responds there.`;
      return;
    }
    const vector = rowOf(vectors, position);
    const bests = this.#compared.map(({ features, ...drawn }) => {
      const found = cosines(features, vector);
      draw(drawn, { width: features.width, height: features.height, values: found });
      const others = found.filter((_, i) =>
        features !== this.#compared[0].features || i !== position
      );
      return Math.max(...others).toFixed(2);
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
  const bytes = new Uint8Array(await (await fetch(link.url)).arrayBuffer());
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
  return { ground, features: featuresOf(decodeNpy(bytes), "features") };
}

function draw(
  { canvas, ground }: { readonly canvas: HTMLCanvasElement; readonly ground: HTMLCanvasElement },
  grid: { readonly width: number; readonly height: number; readonly values: Float32Array },
): void {
  // From the least similar on: after a rectifier no cosine is below 0, and few are far from 1.
  const { data } = heatmap(grid, VIRIDIS, { min: Math.min(...grid.values), max: 1 });
  const small = new OffscreenCanvas(grid.width, grid.height);
  const pixels = new ImageData(new Uint8ClampedArray(data), grid.width, grid.height);
  small.getContext("2d")!.putImageData(pixels, 0, 0);
  const context = canvas.getContext("2d")!;
  context.globalAlpha = 1;
  context.drawImage(ground, 0, 0);
  context.globalAlpha = OPACITY;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
