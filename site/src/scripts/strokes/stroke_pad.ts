import type { RunResult } from "../../../../shared/api/mod.ts";
import type { ManifestInput } from "../../../../shared/models/manifest.ts";
import type { Point, Stroke } from "../../../../shared/methods/segment/strokes.ts";
import { element } from "../element.ts";
import { simplifyLine } from "./simplify_line.ts";
import { StrokeCanvas } from "./stroke_canvas.ts";
import { StrokeList } from "./stroke_list.ts";
import { StrokePen } from "./stroke_pen.ts";

/** Parts of the image's shorter side that the brush's radius can be at most, and is at first. */
const RADIUS = { most: 1 / 6, first: 1 / 24 };
/** A line is as good as the hand's if it is nowhere further from it than this part of the radius. */
const ACCURACY = 1 / 4;

/** An image to draw on, for the method that cuts it: strokes become the text of its option. */
export class StrokePad {
  readonly #root = element("stroke-pad", HTMLElement);
  readonly #size = element("brush-size", HTMLInputElement);
  readonly #undo = element("undo-stroke", HTMLButtonElement);
  readonly #clear = element("clear-strokes", HTMLButtonElement);
  readonly #canvas: StrokeCanvas;
  readonly #list: StrokeList;
  readonly #pen: StrokePen;
  #image: ImageBitmap | undefined;
  #input: ManifestInput | undefined;
  #isWanted = false;

  /** @param field The option as text. */
  constructor(field: HTMLInputElement) {
    const surface = element("stroke-canvas", HTMLCanvasElement);
    const canvas = new StrokeCanvas(surface);
    this.#canvas = canvas;
    this.#list = new StrokeList(field, () => this.#refresh());
    this.#pen = new StrokePen(surface, {
      pointOf: (event) => canvas.pointOf(event),
      within: (point) => canvas.within(point),
      middle: () => ({ x: canvas.extent.width / 2, y: canvas.extent.height / 2 }),
      step: () => Math.max(1, this.#radius / 2),
      onMove: () => this.#draw(),
      onLine: (line) => this.#list.add(this.#stroke(simplifyLine(line, ACCURACY * this.#radius))),
    });
    this.#size.addEventListener("input", () => this.#refresh());
    this.#undo.addEventListener("click", () => this.#list.undo());
    this.#clear.addEventListener("click", () => this.#list.clear());
    this.#refresh();
  }

  /** Says whether the method that is chosen takes strokes. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#refresh();
  }

  /** Takes another image; strokes over the one before mean nothing on it. */
  async setImage(blob: Blob): Promise<void> {
    if (this.#image) this.#list.forget();
    // What no browser can decode the server may; it is only not drawn on.
    this.#image = await createImageBitmap(blob).catch(() => undefined);
    this.#begin();
  }

  /** Takes another network's input, whose pixels are others. */
  setInput(input: ManifestInput): void {
    if (this.#input) this.#list.forget();
    this.#input = input;
    const side = Math.min(input.width, input.height);
    this.#size.max = String(Math.round(RADIUS.most * side));
    this.#size.value = String(Math.round(RADIUS.first * side));
    this.#begin();
  }

  /** Shows what was cut out, if a result says. */
  async showCut({ images: { cutout } }: RunResult): Promise<void> {
    if (!cutout) return;
    const answer = await fetch(cutout.url);
    this.#canvas.showCut(await createImageBitmap(await answer.blob()));
    this.#draw();
  }

  /** In pixels of the input. */
  get #radius(): number {
    return Number(this.#size.value);
  }

  #stroke(points: readonly Point[]): Stroke {
    const isForeground = element("brush-object", HTMLInputElement).checked;
    return { isForeground, radius: this.#radius, points };
  }

  #begin(): void {
    if (this.#image && this.#input) this.#canvas.begin(this.#image, this.#input);
    this.#refresh();
  }

  #refresh(): void {
    this.#root.hidden = !this.#isWanted || !this.#image || !this.#input;
    const { strokes, fault, canUndo } = this.#list;
    this.#undo.disabled = !canUndo;
    this.#clear.disabled = strokes.length === 0;
    const object = strokes.filter(({ isForeground }) => isForeground).length;
    element("stroke-state", HTMLElement).textContent = fault ||
      `${object} of the object, ${strokes.length - object} of the background.`;
    this.#draw();
  }

  #draw(): void {
    const { line, place } = this.#pen;
    const drawn = line.length > 0 ? [this.#stroke(line)] : [];
    const brush = place && { ...place, radius: this.#radius };
    this.#canvas.draw([...this.#list.strokes, ...drawn], brush);
  }
}
