import type { RunResult } from "../../../../shared/api/mod.ts";
import type { Rect } from "../../../../shared/figure/mod.ts";
import { BLUE_RED, type Colormap, VIRIDIS } from "../../../../shared/image/colormap.ts";
import type { ValueRange } from "../../../../shared/image/heatmap.ts";
import { sizeQuantile } from "../../../../shared/tensor/stats.ts";
import { element } from "../element.ts";
import { heatCanvas } from "../heat_canvas.ts";
import { showLegend } from "../legend.ts";
import { isSigned, mapOf, type PlaneMap, planeOf } from "./attribution_map.ts";
import { likeness } from "./likeness.ts";

/** Values beyond this quantile of the absolute values are shown as the end of the scale. */
const QUANTILE = 0.999;
/** Longer side of a drawn map, in pixels. */
const SIDE = 720;
/** Of a map over its image; of two signs, so that what is in between lets the image through. */
const OPACITY = 0.7;

/** A map with what it is drawn on. */
interface DrawnMap {
  readonly result: RunResult;
  readonly plane: PlaneMap;
  readonly ground: ImageBitmap | undefined;
  /** Where in the ground the network looks. */
  readonly at: Rect;
  readonly extent: { readonly width: number; readonly height: number };
}

/** Two attribution maps on one colour scale: side by side, or in one place under a slider. */
export class Comparison {
  readonly #root = element("comparison", HTMLElement);
  readonly #canvases = [
    element("compared-pinned", HTMLCanvasElement),
    element("compared-shown", HTMLCanvasElement),
  ];
  readonly #legends = [
    element("legend-pinned", HTMLElement),
    element("legend-shown", HTMLElement),
  ];
  readonly #slider = element("compare-slider", HTMLInputElement);
  readonly #isOne = element("one-scale", HTMLInputElement);
  #maps: readonly [DrawnMap, DrawnMap] | undefined;
  /** How often it was asked for: maps of a pair that is not wanted any more come too late. */
  #turn = 0;

  constructor() {
    this.#isOne.addEventListener("change", () => this.#draw());
    this.#slider.addEventListener("input", () => this.#wipe());
    for (const way of document.getElementsByName("compare")) {
      way.addEventListener("change", () => this.#arrange());
    }
    this.#arrange();
  }

  get isShown(): boolean {
    return !this.#root.hidden;
  }

  hide(): void {
    this.#turn++;
    this.#root.hidden = true;
    this.#maps?.forEach(({ ground }) => ground?.close());
    this.#maps = undefined;
  }

  /**
   * Shows two results.
   *
   * @returns Their rank correlation; undefined if one is a map of a single value, or none at all:
   * then nothing is shown.
   */
  async show(pinned: RunResult, shown: RunResult): Promise<number | undefined> {
    this.hide();
    const turn = this.#turn;
    const [first, second] = await Promise.all([pinned, shown].map(mapOf));
    if (!first || !second) return undefined;
    const maps = await Promise.all([
      drawnMap(pinned, planeOf(pinned.method, first)),
      drawnMap(shown, planeOf(shown.method, second)),
    ]);
    if (turn !== this.#turn) return void maps.forEach(({ ground }) => ground?.close());
    this.#maps = maps;
    // Numbers of two methods have nothing in common that a scale could show.
    this.#isOne.disabled = pinned.method !== shown.method;
    this.#isOne.checked = !this.#isOne.disabled;
    this.#root.hidden = false;
    this.#draw();
    return likeness(first, second);
  }

  #draw(): void {
    if (!this.#maps) return;
    const ranges = this.#maps.map(rangeOf);
    const both: ValueRange = {
      min: Math.min(...ranges.map(({ min }) => min)),
      max: Math.max(...ranges.map(({ max }) => max)),
    };
    for (const [i, map] of this.#maps.entries()) {
      const range = this.#isOne.checked ? both : ranges[i];
      const colormap = colormapOf(map);
      draw(this.#canvases[i], map, colormap, range);
      const [figure] = Object.values(map.result.figures);
      showLegend(this.#legends[i], { colormap, range, caption: figure?.title ?? "" });
    }
  }

  #arrange(): void {
    const chosen = document.querySelector<HTMLInputElement>("input[name=compare]:checked")!.value;
    this.#root.classList.toggle("in-place", chosen === "slider");
    this.#slider.parentElement!.hidden = chosen !== "slider";
    this.#wipe();
  }

  #wipe(): void {
    const { value } = this.#slider;
    const isSlider = this.#root.classList.contains("in-place");
    this.#canvases[1].style.clipPath = isSlider ? `inset(0 0 0 ${value}%)` : "";
    this.#slider.setAttribute("aria-valuetext", `${value} percent of the pinned map`);
  }
}

const colormapOf = ({ result }: DrawnMap): Colormap => isSigned(result.method) ? BLUE_RED : VIRIDIS;

function rangeOf(map: DrawnMap): ValueRange {
  const most = sizeQuantile(map.plane.values, QUANTILE);
  return { min: colormapOf(map) === BLUE_RED ? -most : 0, max: most };
}

async function drawnMap(result: RunResult, plane: PlaneMap): Promise<DrawnMap> {
  const { width, height } = plane;
  const alone = { result, plane, ground: undefined, at: { left: 0, top: 0, width, height } };
  for (const { panels } of Object.values(result.figures)) {
    for (const { layers, ...extent } of panels) {
      const [below, above] = layers;
      if (below?.kind !== "encoded" || above?.kind !== "encoded" || !above.at) continue;
      const blob = await (await fetch(below.href)).blob();
      return { ...alone, ground: await createImageBitmap(blob), at: above.at, extent };
    }
  }
  return { ...alone, extent: { width, height } };
}

function draw(
  canvas: HTMLCanvasElement,
  { plane, ground, at, extent }: DrawnMap,
  colormap: Colormap,
  range: ValueRange,
): void {
  const scale = SIDE / Math.max(extent.width, extent.height);
  canvas.width = Math.round(extent.width * scale);
  canvas.height = Math.round(extent.height * scale);
  const context = canvas.getContext("2d")!;
  if (ground) {
    // Grey, so that colours mean only numbers.
    context.filter = "grayscale(1)";
    context.drawImage(ground, 0, 0, canvas.width, canvas.height);
    context.filter = "none";
    if (colormap.kind === "diverging") context.globalAlpha = OPACITY;
  }
  const [x, y, width, height] = [at.left, at.top, at.width, at.height].map((part) => part * scale);
  context.drawImage(heatCanvas(plane, colormap, range), x, y, width, height);
}
