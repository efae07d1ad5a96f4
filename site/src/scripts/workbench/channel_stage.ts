import type { ModelDetails, RunResult } from "../../../../shared/api/mod.ts";
import { formatNumber } from "../../../../shared/image/format_number.ts";
import { decodeNpy } from "../../../../shared/tensor/npy.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";
import type { SearchEntry } from "../../gallery/search_entries.ts";
import { ChannelGrid, type Chosen } from "../channel_grid.ts";
import { element } from "../element.ts";
import { drawSeen } from "./draw_seen.ts";
import type { ResultSource } from "./result_source.ts";

/** What can be asked of a unit next. */
export interface UnitQuestion {
  readonly method: "gradient" | "neuron";
  /** `<layer>:<channel>`, or `<layer>:<channel>:<row>:<column>` */
  readonly unit: string;
}

/** What the gallery has of a unit; the pages are the same for everyone. */
const entries = (): Promise<readonly SearchEntry[]> =>
  fetch("/search.json").then((answer) => answer.json()).catch(() => []);

/**
 * Every channel of a layer as a map beside the image. A place in a map is a unit; a place in the
 * image is the unit there of the channel that is chosen, else of the strongest one.
 */
export class ChannelStage {
  readonly #root = element("channel-result", HTMLElement);
  readonly #seen = element("seen", HTMLCanvasElement);
  readonly #unit = element("unit", HTMLElement);
  readonly #grid = new ChannelGrid(
    element("channels", HTMLCanvasElement),
    (chosen) => this.#choose(chosen),
  );
  #entries: Promise<readonly SearchEntry[]> | undefined;
  #model: ModelDetails | undefined;
  #activations: Tensor<"float32"> | undefined;
  #layer = "";
  #image: ImageBitmap | undefined;

  /** @param onAsk Told what is asked of a unit. */
  constructor(readonly onAsk: (question: UnitQuestion) => void) {
    this.#seen.addEventListener("click", ({ offsetX, offsetY }) => {
      const { clientWidth, clientHeight } = this.#seen;
      this.#pointAt(offsetX / clientWidth, offsetY / clientHeight);
    });
    for (const button of this.#unit.querySelectorAll<HTMLButtonElement>("button[data-asks]")) {
      button.addEventListener("click", () => {
        const { asks, unit } = button.dataset;
        this.onAsk({ method: asks, unit } as UnitQuestion);
      });
    }
  }

  /** The network whose layers are shown from now on. */
  setModel(model: ModelDetails): void {
    this.#model = model;
  }

  hide(): void {
    this.#root.hidden = true;
  }

  /** @returns Whether there is anything to show by channel. */
  async show(result: RunResult, { image, fitting }: ResultSource): Promise<boolean> {
    const { layer } = result.measures;
    const link = result.arrays.activations;
    if (!link || link.type !== "float32") return false;
    const bytes = new Uint8Array(await (await fetch(link.url)).arrayBuffer());
    const tensor = decodeNpy(bytes) as Tensor<"float32">;
    this.#image?.close();
    this.#image = image && await createImageBitmap(image).catch(() => undefined);
    this.#seen.hidden = !this.#image;
    if (this.#image && this.#model) {
      drawSeen(this.#seen, this.#image, this.#model.manifest.input, fitting);
    }
    this.draw(tensor, this.#aliasOf(String(layer)));
    return true;
  }

  /**
   * Shows activations without anything of a channel being asked, frame after frame.
   *
   * @param activations [1, C, H, W] or [1, C].
   */
  draw(activations: Tensor<"float32">, layer: string): void {
    this.#activations = activations;
    this.#layer = layer;
    this.#root.hidden = false;
    this.#unit.hidden = true;
    this.#grid.draw(activations);
  }

  #aliasOf(tensor: string): string {
    return this.#model?.layers.find((layer) => layer.tensor === tensor)?.alias ?? tensor;
  }

  #pointAt(x: number, y: number): void {
    const [, channels, height, width] = this.#activations?.dims ?? [];
    if (width === undefined) return;
    const [row, column] = [Math.floor(y * height), Math.floor(x * width)];
    const at = (channel: number) =>
      this.#activations!.data[(channel * height + row) * width + column];
    const strongest = () =>
      Array.from({ length: channels }, (_, channel) => channel)
        .reduce((best, channel) => at(channel) > at(best) ? channel : best);
    this.#grid.choose({ channel: this.#grid.chosen?.channel ?? strongest(), row, column });
  }

  async #choose({ channel, row, column }: Chosen): Promise<void> {
    const [, , height = 1, width = 1] = this.#activations!.dims;
    const name = `${this.#layer}:${channel}`;
    const place = row === undefined ? "" : `:${row}:${column}`;
    const value = this.#activations!.data[(channel * height + (row ?? 0)) * width + (column ?? 0)];
    element("unit-name", HTMLElement).textContent = name;
    element("unit-place", HTMLElement).textContent = place === ""
      ? `The whole channel, ${height} × ${width} positions.`
      : `Row ${row}, column ${column}: ${formatNumber(value)}.`;
    const ask: Readonly<Record<string, string>> = { gradient: name + place, neuron: name };
    for (const button of this.#unit.querySelectorAll<HTMLButtonElement>("button[data-asks]")) {
      button.dataset.unit = ask[button.dataset.asks!];
    }
    this.#unit.hidden = false;
    await this.#offerPage(name);
  }

  /** Its page in the gallery, with its feature visualization and its patches. */
  async #offerPage(name: string): Promise<void> {
    const kind = `unit of ${this.#model?.title}`;
    const image = element("unit-image", HTMLImageElement);
    const link = element("unit-link", HTMLAnchorElement);
    const found = (await (this.#entries ??= entries()))
      .find((entry) => entry.name === name && entry.kind === kind);
    if (element("unit-name", HTMLElement).textContent !== name) return;
    image.hidden = found?.image === undefined;
    if (found?.image) image.src = found.image;
    image.alt = `Feature visualization of ${name}`;
    link.hidden = found === undefined;
    if (found) link.href = found.href;
  }
}
