import { VIRIDIS } from "../../../shared/image/colormap.ts";
import { heatmap, valueRange } from "../../../shared/image/heatmap.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";
import { ARROWS } from "./arrow_keys.ts";

/** Pixels between two maps. */
const GAP = 2;
/** About how wide the grid is, in pixels. */
const WIDTH = 720;

/** A channel, and a position in its map where one was pointed at. */
export interface Chosen {
  readonly channel: number;
  readonly row?: number;
  readonly column?: number;
}

/** Every channel of a layer as a map, side by side; one of them can be chosen, or a place in it. */
export class ChannelGrid {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #activations: Tensor<"float32"> | undefined;
  #columns = 1;
  /** Pixels of a position. */
  #factor = 1;
  #chosen: Chosen | undefined;

  /** @param onChoose Told what was chosen. */
  constructor(canvas: HTMLCanvasElement, readonly onChoose: (chosen: Chosen) => void) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
    canvas.addEventListener("click", (event) => this.#point(event));
    canvas.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow) return;
      event.preventDefault();
      const step = arrow[0] * this.#columns + arrow[1];
      const { channel, ...place } = this.#chosen ?? { channel: -step };
      this.choose({ channel: channel + step, ...place });
    });
  }

  get chosen(): Chosen | undefined {
    return this.#chosen;
  }

  /** Marks a channel, or a place in it; one that is not there is not chosen. */
  choose(chosen: Chosen): void {
    const [, channels = 0] = this.#activations?.dims ?? [];
    if (chosen.channel < 0 || chosen.channel >= channels) return;
    this.#chosen = chosen;
    this.#paint();
    this.onChoose(chosen);
  }

  /** @param activations [1, C, H, W] or [1, C]. */
  draw(activations: Tensor<"float32">): void {
    const before = this.#activations?.dims.slice(1).join();
    this.#activations = activations;
    if (before !== activations.dims.slice(1).join()) this.#chosen = undefined;
    this.#paint();
  }

  get #extent(): { channels: number; height: number; width: number } {
    const [, channels, height = 1, width = 1] = this.#activations!.dims;
    return { channels, height, width };
  }

  #point({ offsetX, offsetY }: MouseEvent): void {
    if (!this.#activations) return;
    const { height, width } = this.#extent;
    const scale = this.#canvas.width / this.#canvas.clientWidth;
    const [x, y] = [offsetX * scale, offsetY * scale];
    const [cellWidth, cellHeight] = [width, height].map((side) => side * this.#factor + GAP);
    const across = Math.min(Math.floor(x / cellWidth), this.#columns - 1);
    const down = Math.floor(y / cellHeight);
    const place = (at: number, side: number) => Math.min(side - 1, Math.floor(at / this.#factor));
    this.choose({
      channel: down * this.#columns + across,
      ...height * width > 1 && {
        row: place(y - down * cellHeight, height),
        column: place(x - across * cellWidth, width),
      },
    });
  }

  #paint(): void {
    const { channels, height, width } = this.#extent;
    this.#columns = Math.ceil(Math.sqrt(channels * height / width));
    this.#factor = Math.max(1, Math.floor((WIDTH / this.#columns - GAP) / width));
    const [cellWidth, cellHeight] = [width, height].map((side) => side * this.#factor + GAP);
    this.#canvas.width = this.#columns * cellWidth;
    this.#canvas.height = Math.ceil(channels / this.#columns) * cellHeight;
    this.#context.imageSmoothingEnabled = false;
    const small = new OffscreenCanvas(width, height);
    const { data } = this.#activations!;
    const whole = valueRange(data, VIRIDIS.kind);
    for (let channel = 0; channel < channels; channel++) {
      const values = data.subarray(channel * height * width, (channel + 1) * height * width);
      const range = values.length === 1 ? whole : valueRange(values, VIRIDIS.kind);
      const map = heatmap({ width, height, values }, VIRIDIS, range);
      const pixels = new ImageData(new Uint8ClampedArray(map.data), width, height);
      small.getContext("2d")!.putImageData(pixels, 0, 0);
      const x = (channel % this.#columns) * cellWidth;
      const y = Math.floor(channel / this.#columns) * cellHeight;
      this.#context.drawImage(small, x, y, cellWidth - GAP, cellHeight - GAP);
    }
    if (this.#chosen) this.#mark(this.#chosen, cellWidth, cellHeight);
  }

  #mark({ channel, row, column }: Chosen, cellWidth: number, cellHeight: number): void {
    const x = (channel % this.#columns) * cellWidth;
    const y = Math.floor(channel / this.#columns) * cellHeight;
    const context = this.#context;
    context.strokeStyle = "#ff4f81";
    context.lineWidth = GAP;
    context.strokeRect(x, y, cellWidth - GAP, cellHeight - GAP);
    if (row === undefined || column === undefined) return;
    const side = Math.max(4, this.#factor);
    context.strokeRect(x + column * this.#factor, y + row * this.#factor, side, side);
  }
}
