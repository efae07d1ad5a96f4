import type { RunResult } from "../../../../shared/api/mod.ts";
import { formatNumber } from "../../../../shared/printable.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";
import type { SearchEntry } from "../../gallery/search_entries.ts";
import { ARROWS } from "../arrow_keys.ts";
import { ChannelGrid, type Chosen } from "../channel_grid.ts";
import { element } from "../element.ts";
import { isFile } from "../local/network_store.ts";
import { drawSeen } from "./draw_seen.ts";
import { readArray, type ResultSource } from "./result_source.ts";

/** What can be asked of a unit next. */
export interface UnitQuestion {
  readonly method: "gradient" | "neuron";
  /** `<layer>:<channel>`, or `<layer>:<channel>:<row>:<column>` */
  readonly unit: string;
  /** What the unit was seen in. */
  readonly source: ResultSource;
}

/** A layer's activations, as they are shown. */
export interface ReadChannels {
  /** [1, C, H, W] or [1, C]. */
  readonly activations: Tensor<"float32">;
  /** Its name. */
  readonly layer: string;
  readonly image: ImageBitmap | undefined;
  readonly source: ResultSource;
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
  /** What is shown is of this; nothing while the camera is looked through. */
  #source: ResultSource | undefined;
  #activations: Tensor<"float32"> | undefined;
  #layer = "";

  /** @param onAsk Told what is asked of a unit. */
  constructor(readonly onAsk: (question: UnitQuestion) => void) {
    this.#seen.addEventListener("click", ({ offsetX, offsetY }) => {
      const { clientWidth, clientHeight } = this.#seen;
      this.#pointAt(offsetX / clientWidth, offsetY / clientHeight);
    });
    this.#seen.addEventListener("keydown", (event) => this.#key(event));
    for (const button of this.#unit.querySelectorAll<HTMLButtonElement>("button[data-asks]")) {
      button.addEventListener("click", () => {
        const { asks, unit } = button.dataset;
        this.onAsk({ method: asks, unit, source: this.#source } as UnitQuestion);
      });
    }
  }

  hide(): void {
    this.#root.hidden = true;
  }

  /** @returns Undefined if there is nothing to show by channel. */
  async read(result: RunResult, source: ResultSource): Promise<ReadChannels | undefined> {
    const link = result.arrays.activations;
    if (!link || link.type !== "float32") return undefined;
    const activations = await readArray(link) as Tensor<"float32">;
    const image = source.image && await createImageBitmap(source.image).catch(() => undefined);
    const tensor = String(result.measures.layer);
    const layer = source.model.layers.find((layer) => layer.tensor === tensor)?.alias ?? tensor;
    return { activations, layer, image, source };
  }

  show({ activations, layer, image, source }: ReadChannels): void {
    this.#source = source;
    this.#seen.parentElement!.hidden = image === undefined;
    if (image) drawSeen(this.#seen, image, source);
    image?.close();
    this.#draw(activations, layer);
  }

  /**
   * Shows activations without anything of a channel being asked, frame after frame.
   *
   * @param activations [1, C, H, W] or [1, C].
   */
  showLive(activations: Tensor<"float32">, layer: string): void {
    this.#source = undefined;
    this.#seen.parentElement!.hidden = true;
    this.#draw(activations, layer);
  }

  #draw(activations: Tensor<"float32">, layer: string): void {
    this.#activations = activations;
    this.#layer = layer;
    this.#root.hidden = false;
    this.#unit.hidden = true;
    this.#grid.draw(activations);
  }

  #pointAt(x: number, y: number): void {
    const [, , height, width] = this.#activations?.dims ?? [];
    if (width !== undefined) this.#chooseAt(Math.floor(y * height), Math.floor(x * width));
  }

  /** The arrow keys go from place to place, from the middle at first. */
  #key(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const { row, column } = this.#grid.chosen ?? {};
    if (row === undefined || column === undefined) return this.#pointAt(0.5, 0.5);
    this.#chooseAt(row + arrow[0], column + arrow[1]);
  }

  /** The nearest place that there is. */
  #chooseAt(down: number, across: number): void {
    const [, channels, height, width] = this.#activations!.dims;
    const row = Math.min(height - 1, Math.max(0, down));
    const column = Math.min(width - 1, Math.max(0, across));
    const at = (channel: number) =>
      this.#activations!.data[(channel * height + row) * width + column];
    const strongest = () =>
      Array.from({ length: channels }, (_, channel) => channel)
        .reduce((best, channel) => at(channel) > at(best) ? channel : best);
    this.#grid.choose({ channel: this.#grid.chosen?.channel ?? strongest(), row, column });
  }

  async #choose({ channel, row, column }: Chosen): Promise<void> {
    if (!this.#source) return;
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
    await this.#offerPage(name, this.#source.model);
  }

  /** Its page in the gallery, with its feature visualization and its patches. */
  async #offerPage(name: string, model: ResultSource["model"]): Promise<void> {
    // A file may have any network's name.
    const kind = isFile(model.id) ? "" : `unit of ${model.title}`;
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
