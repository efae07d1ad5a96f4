import type { ImageLink, OcclusionOutline, OcclusionScores } from "../../../shared/api/mod.ts";
import { formatNumber } from "../../../shared/printable.ts";
import { ARROWS } from "./arrow_keys.ts";
import { element } from "./element.ts";
import { showLegend } from "./legend.ts";
import { shortLabel } from "../../../shared/models/labels.ts";
import { MAP_VIEWS } from "./map_views.ts";
import { OcclusionMap } from "./occlusion_map.ts";

/** Rows and columns that a key moves the occluder by. */
const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ...ARROWS,
  PageUp: [-Infinity, 0],
  PageDown: [Infinity, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** Shows an occlusion map as it fills in, and what the network saw at each position. */
export class MapStage {
  readonly #stage = element("map", HTMLElement);
  readonly #image = element("image", HTMLCanvasElement);
  readonly #layer = element("layer", HTMLCanvasElement);
  readonly #occluded = element("occluded", HTMLCanvasElement);
  readonly #legend = element("legend", HTMLElement);
  readonly #readout = element("readout", HTMLElement);
  readonly #opacity = element("opacity", HTMLInputElement);
  #map: OcclusionMap | undefined;
  #images: { image: ImageBitmap; occluder: ImageBitmap } | undefined;
  #position: number | undefined;
  #isDrawn = true;

  constructor() {
    this.#stage.addEventListener("pointermove", (event) => this.#point(event));
    this.#stage.addEventListener("pointerdown", (event) => this.#point(event));
    this.#stage.addEventListener("keydown", (event) => this.#key(event));
    this.#opacity.addEventListener("input", () => this.#fade());
    for (const view of document.getElementsByName("view")) {
      view.addEventListener("change", () => this.#draw());
    }
    this.#fade();
  }

  /** Begins a new map. */
  async begin(outline: OcclusionOutline): Promise<void> {
    const [image, occluder] = await Promise.all([
      bitmap(outline.image),
      bitmap(outline.occluder),
    ]);
    offerViews(outline);
    this.#map = new OcclusionMap(outline);
    this.#images = { image, occluder };
    this.#position = undefined;
    for (const canvas of [this.#image, this.#layer, this.#occluded]) {
      canvas.width = image.width;
      canvas.height = image.height;
    }
    this.#image.getContext("2d")!.drawImage(image, 0, 0);
    this.#occluded.getContext("2d")!.drawImage(image, 0, 0);
    const { target, unoccluded, labels } = outline;
    this.#readout.textContent = `Without the occluder: ${shortLabel(target.label)} ` +
      `${percent(unoccluded.probability)}, logit ${formatNumber(unoccluded.logit)}. ` +
      `Most probable: ${shortLabel(labels[unoccluded.topClass])}.` +
      activation(outline, unoccluded.layerSum);
    this.#draw();
  }

  /** Adds positions that have arrived. */
  add(scores: OcclusionScores): void {
    this.#map?.add(scores);
    if (!this.#isDrawn) return;
    // Tiles may come faster than the screen is drawn.
    this.#isDrawn = false;
    requestAnimationFrame(() => {
      this.#isDrawn = true;
      this.#draw();
      if (this.#position !== undefined) this.#read();
    });
  }

  #draw(): void {
    const map = this.#map;
    if (!map) return;
    const chosen = document.querySelector<HTMLInputElement>("input[name=view]:checked")!.value;
    const { pixels, legend } = MAP_VIEWS[chosen](map);
    const { width, height } = this.#layer;
    this.#layer.getContext("2d")!.putImageData(new ImageData(pixels, width, height), 0, 0);
    showLegend(this.#legend, legend);
  }

  #fade(): void {
    this.#layer.style.opacity = `${this.#opacity.valueAsNumber / 100}`;
    this.#opacity.setAttribute("aria-valuetext", `${this.#opacity.value} percent`);
  }

  #point(event: PointerEvent): void {
    if (!this.#map) return;
    const { left, top, width, height } = this.#layer.getBoundingClientRect();
    const x = (event.clientX - left) / width * this.#layer.width;
    const y = (event.clientY - top) / height * this.#layer.height;
    this.#select(this.#map.positionAt(x, y));
  }

  #key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!this.#map || !step) return;
    event.preventDefault();
    const { rows, columns } = this.#map.grid;
    const at = this.#position ?? 0;
    const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
    const row = clamp(Math.floor(at / columns) + step[0], rows);
    this.#select(row * columns + clamp(at % columns + step[1], columns));
  }

  #select(position: number): void {
    if (position === this.#position) return;
    this.#position = position;
    const { image, occluder } = this.#images!;
    const { top, left, bottom, right } = this.#map!.windowOf(position);
    const [width, height] = [right - left, bottom - top];
    const context = this.#occluded.getContext("2d")!;
    context.drawImage(image, 0, 0);
    context.drawImage(occluder, left, top, width, height, left, top, width, height);
    this.#read();
  }

  #read(): void {
    const map = this.#map!;
    const at = this.#position!;
    const { target, unoccluded, labels } = map.outline;
    const { columns } = map.grid;
    const place = `Row ${Math.floor(at / columns) + 1}, column ${at % columns + 1}`;
    if (Number.isNaN(map.logit[at])) {
      this.#readout.textContent = `${place}: not there yet.`;
      return;
    }
    const logit = `logit ${formatNumber(map.logit[at])}`;
    if (map.outline.measures === "logit") {
      this.#readout.textContent = `${place}: ${shortLabel(target.label)}, ${logit}.`;
      return;
    }
    const change = map.probability[at] - unoccluded.probability;
    this.#readout.textContent = `${place}: ${shortLabel(target.label)} ` +
      `${percent(map.probability[at])} (${change < 0 ? "−" : "+"}${
        percent(Math.abs(change))
      }), ${logit}. Most probable: ${shortLabel(labels[map.topClass[at]])} ` +
      `${percent(map.topProbability[at])}.${activation(map.outline, map.layerSum[at])}`;
  }
}

/** Lets those views be chosen that there is something for; the first one always is. */
function offerViews({ layer, measures }: OcclusionOutline): void {
  const views = [...document.querySelectorAll<HTMLInputElement>("input[name=view]")];
  const isThere: Readonly<Record<string, boolean>> = {
    probability: measures === "all",
    "top-class": measures === "all",
    layer: layer !== null,
  };
  for (const view of views) view.disabled = !(isThere[view.value] ?? true);
  if (views.some((view) => view.checked && view.disabled)) views[0].checked = true;
}

/** A sentence about the layer's channel, if one is followed. */
const activation = ({ layer }: OcclusionOutline, sum: number | null) =>
  layer && sum !== null ? ` Activation of ${layer.name}: ${formatNumber(sum)}.` : "";

const percent = (value: number) => `${+(100 * value).toFixed(1)} %`;

async function bitmap({ url }: ImageLink): Promise<ImageBitmap> {
  return await createImageBitmap(await (await fetch(url)).blob());
}
