import type { Point } from "../../../../shared/methods/segment/strokes.ts";

/** Directions of the keys that move the brush. */
const KEYS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface StrokePenOptions {
  /** Where an event points to; never outside of the image. */
  readonly pointOf: (event: MouseEvent) => Point;
  /** The middle of the image, and the point that is nearest to another within it. */
  readonly middle: () => Point;
  readonly within: (point: Point) => Point;
  /** How far a key moves the brush. */
  readonly step: () => number;
  /** Told when the brush has moved. */
  readonly onMove: () => void;
  /** Told of a line that is finished. */
  readonly onLine: (line: readonly Point[]) => void;
}

/** Draws lines with a mouse, a pen, a finger, or with arrow keys and the space bar. */
export class StrokePen {
  readonly #options: StrokePenOptions;
  #line: Point[] = [];
  #place: Point | undefined;

  constructor(canvas: HTMLCanvasElement, options: StrokePenOptions) {
    this.#options = options;
    canvas.addEventListener("pointerdown", (event) => this.#down(canvas, event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", () => this.#finish());
    canvas.addEventListener("pointercancel", () => this.#leave());
    canvas.addEventListener("pointerleave", () => this.#leave());
    canvas.addEventListener("blur", () => this.#leave());
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The line that is being drawn; empty if none is. */
  get line(): readonly Point[] {
    return this.#line;
  }

  /** Where the brush is, if it is over the image. */
  get place(): Point | undefined {
    return this.#place;
  }

  #down(canvas: HTMLCanvasElement, event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    this.#line = [this.#options.pointOf(event)];
    this.#moveTo(this.#line[0]);
  }

  #move(event: PointerEvent): void {
    if (!event.isPrimary) return;
    const point = this.#options.pointOf(event);
    if (this.#line.length > 0) this.#line.push(point);
    this.#moveTo(point);
  }

  #finish(): void {
    if (this.#line.length === 0) return;
    const line = this.#line;
    this.#line = [];
    this.#options.onLine(line);
  }

  #leave(): void {
    this.#line = [];
    this.#moveTo(undefined);
  }

  #key(event: KeyboardEvent): void {
    const direction = KEYS[event.key];
    if (event.key === " " || event.key === "Enter") {
      if (this.#place) this.#options.onLine([this.#place]);
    } else if (direction) {
      const { x, y } = this.#place ?? this.#options.middle();
      const step = this.#options.step();
      this.#moveTo(
        this.#options.within({ x: x + step * direction[0], y: y + step * direction[1] }),
      );
    } else return;
    event.preventDefault();
  }

  #moveTo(place: Point | undefined): void {
    this.#place = place;
    this.#options.onMove();
  }
}
