import { VIRIDIS } from "../../../shared/image/colormap.ts";
import { heatmap, valueRange } from "../../../shared/image/heatmap.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";

/** Pixels between two maps. */
const GAP = 2;
/** About how wide the grid is, in pixels. */
const WIDTH = 720;

const STEPS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

/** Every channel of a layer as a map, side by side; one of them can be chosen. */
export class ChannelGrid {
  readonly #canvas: HTMLCanvasElement;
  #columns = 1;
  #cell = { width: 1, height: 1 };
  #count = 0;
  #chosen = -1;

  /** @param onChoose Told which channel was chosen. */
  constructor(canvas: HTMLCanvasElement, onChoose: (channel: number) => void) {
    this.#canvas = canvas;
    const choose = (channel: number) => {
      if (channel < 0 || channel >= this.#count) return;
      this.#chosen = channel;
      onChoose(channel);
    };
    canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const scale = canvas.width / canvas.clientWidth;
      const column = Math.floor(offsetX * scale / (this.#cell.width + GAP));
      const row = Math.floor(offsetY * scale / (this.#cell.height + GAP));
      choose(row * this.#columns + Math.min(column, this.#columns - 1));
    });
    canvas.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      choose(this.#chosen < 0 ? 0 : this.#chosen + step(this.#columns));
    });
  }

  /** @param activations [1, C, H, W] or [1, C]. */
  draw({ dims, data }: Tensor<"float32">): void {
    const [, channels, height = 1, width = 1] = dims;
    const columns = Math.ceil(Math.sqrt(channels * height / width));
    const factor = Math.max(1, Math.floor((WIDTH / columns - GAP) / width));
    this.#columns = columns;
    this.#count = channels;
    this.#cell = { width: factor * width, height: factor * height };
    const rows = Math.ceil(channels / columns);
    this.#canvas.width = columns * (this.#cell.width + GAP);
    this.#canvas.height = rows * (this.#cell.height + GAP);
    const context = this.#canvas.getContext("2d")!;
    context.imageSmoothingEnabled = false;
    const small = new OffscreenCanvas(width, height);
    const whole = valueRange(data, VIRIDIS.kind);
    for (let channel = 0; channel < channels; channel++) {
      const values = data.subarray(channel * height * width, (channel + 1) * height * width);
      const range = values.length === 1 ? whole : valueRange(values, VIRIDIS.kind);
      const map = heatmap({ width, height, values }, VIRIDIS, range);
      small.getContext("2d")!.putImageData(
        new ImageData(new Uint8ClampedArray(map.data), width, height),
        0,
        0,
      );
      const x = (channel % columns) * (this.#cell.width + GAP);
      const y = Math.floor(channel / columns) * (this.#cell.height + GAP);
      context.drawImage(small, x, y, this.#cell.width, this.#cell.height);
    }
  }
}
