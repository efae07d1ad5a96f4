import type { ArrayLink, ModelDetails, RunResult } from "../../../../shared/api/mod.ts";
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
  readonly canvas: HTMLCanvasElement;
  /** What the network sees, in grey. */
  readonly ground: OffscreenCanvas;
  readonly features: Features;
}

/** The similarity of every position with the one that is pointed at, in two images at once. */
export class SimilarityStage {
  readonly #root = element("similarity-result", HTMLElement);
  readonly #first = element("similar-image", HTMLCanvasElement);
  readonly #second = element("similar-guide", HTMLCanvasElement);
  readonly #readout = element("similarity-readout", HTMLElement);
  #model: ModelDetails | undefined;
  #compared: readonly Compared[] = [];
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

  /** The network that results are of from now on. */
  setModel(model: ModelDetails): void {
    this.#model = model;
  }

  hide(): void {
    this.#root.hidden = true;
  }

  /** @returns Whether there is an image to point at. */
  async show({ arrays, measures }: RunResult, source: ResultSource): Promise<boolean> {
    const found = await Promise.all([
      this.#read(this.#first, arrays.features, source.image, source),
      this.#read(this.#second, arrays.guide_features, source.guide, source),
    ]);
    this.#compared = found.filter((one) => one !== undefined);
    if (!found[0]) return false;
    this.#second.hidden = !found[1];
    this.#root.hidden = false;
    this.#select(Number(measures.row), Number(measures.column));
    return true;
  }

  async #read(
    canvas: HTMLCanvasElement,
    link: ArrayLink | undefined,
    image: Blob | undefined,
    { fitting }: ResultSource,
  ): Promise<Compared | undefined> {
    if (!link || !image || !this.#model) return undefined;
    const { input } = this.#model.manifest;
    const bytes = new Uint8Array(await (await fetch(link.url)).arrayBuffer());
    const seen = await createImageBitmap(image).catch(() => undefined);
    if (!seen) return undefined;
    drawSeen(canvas, seen, input, fitting);
    seen.close();
    const ground = new OffscreenCanvas(canvas.width, canvas.height);
    const context = ground.getContext("2d")!;
    context.filter = "grayscale(1)";
    context.drawImage(canvas, 0, 0);
    return { canvas, ground, features: featuresOf(decodeNpy(bytes), "features") };
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

function draw(
  { canvas, ground }: Pick<Compared, "canvas" | "ground">,
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
