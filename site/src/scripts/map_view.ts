import { type Layout, ThumbnailLayer, type Thumbnails } from "./thumbnail_layer.ts";

export interface MapViewOptions extends Thumbnails {
  /** x and y of each image, within 0..1. */
  readonly places: Float32Array;
  /** Told which image is pointed at. */
  readonly onPoint: (index: number | undefined) => void;
}

/** Part of the shorter side that all images take at first. */
const FILL = 0.92;
/** Milliseconds in which images move to another layout. */
const MOVE_MS = 500;
const ZOOM = { least: 0.5, most: 40, step: 1.25 };
/** Pixels that an arrow key moves the map by. */
const PAN_STEP = 60;

const KEYS: Readonly<Record<string, readonly [dx: number, dy: number, zoom: number]>> = {
  ArrowLeft: [PAN_STEP, 0, 1],
  ArrowRight: [-PAN_STEP, 0, 1],
  ArrowUp: [0, PAN_STEP, 1],
  ArrowDown: [0, -PAN_STEP, 1],
  "+": [0, 0, ZOOM.step],
  "=": [0, 0, ZOOM.step],
  "-": [0, 0, 1 / ZOOM.step],
};

/** Thumbnails on a plane that can be moved and enlarged; draws only when something has changed. */
export class MapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #options: MapViewOptions;
  readonly #layer: ThumbnailLayer;
  #places: Float32Array;
  #move: { from: Float32Array; to: Float32Array; begun: number } | undefined;
  /** Pixels for each unit, and where the origin is. */
  #scale = 1;
  #origin = { x: 0, y: 0 };
  #pointed: number | undefined;
  #isAsked = false;
  readonly #pointers = new Map<number, { x: number; y: number }>();

  constructor(canvas: HTMLCanvasElement, options: MapViewOptions) {
    this.#canvas = canvas;
    this.#options = options;
    this.#places = options.places;
    this.#layer = new ThumbnailLayer(canvas.getContext("2d")!, options);
    new ResizeObserver(() => this.#fit()).observe(canvas);
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, this.#at(event));
      this.#point(this.#at(event));
    });
    canvas.addEventListener("pointermove", (event) => this.#pointerMove(event));
    for (const type of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(type, ({ pointerId }) => this.#pointers.delete(pointerId));
    }
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Moves all images to another layout. */
  moveTo(to: Float32Array): void {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isStill) this.#places = to;
    else this.#move = { from: this.#places.slice(), to, begun: performance.now() };
    this.#ask();
  }

  #fit(): void {
    const ratio = devicePixelRatio;
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = clientWidth * ratio;
    this.#canvas.height = clientHeight * ratio;
    this.#scale = FILL * Math.min(this.#canvas.width, this.#canvas.height);
    this.#origin = {
      x: (this.#canvas.width - this.#scale) / 2,
      y: (this.#canvas.height - this.#scale) / 2,
    };
    this.#ask();
  }

  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame((time) => {
      this.#isAsked = false;
      this.#advance(time);
      this.#draw();
    });
  }

  #advance(time: number): void {
    if (!this.#move) return;
    const { from, to, begun } = this.#move;
    const share = Math.min(1, Math.max(0, (time - begun) / MOVE_MS));
    const eased = share * share * (3 - 2 * share);
    this.#places = from.map((value, i) => value + eased * (to[i] - value));
    if (share === 1) this.#move = undefined;
    else this.#ask();
  }

  /** Side of a thumbnail on the screen: about as dense as the images are, and never too small. */
  get #side(): number {
    const count = this.#places.length / 2;
    return Math.max(6 * devicePixelRatio, 0.8 * this.#scale / Math.sqrt(count));
  }

  #draw(): void {
    const layout: Layout = {
      places: this.#places,
      scale: this.#scale,
      origin: this.#origin,
      side: this.#side,
    };
    this.#layer.paint(layout);
    if (this.#pointed === undefined) return;
    const side = Math.max(2 * layout.side, 96 * devicePixelRatio);
    this.#layer.paintOne({ ...layout, side }, this.#pointed);
  }

  #at({ offsetX, offsetY }: MouseEvent): { x: number; y: number } {
    return { x: offsetX * devicePixelRatio, y: offsetY * devicePixelRatio };
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY / 500), this.#at(event));
  }

  #pointerMove(event: PointerEvent): void {
    const at = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.#point(at);
    const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    if (other) {
      const distance = (a: { x: number; y: number }) =>
        Math.hypot(a.x - other[1].x, a.y - other[1].y);
      this.#zoom(distance(at) / (distance(before) || 1), other[1]);
    } else this.#pan(at.x - before.x, at.y - before.y);
    this.#pointers.set(event.pointerId, at);
  }

  #key(event: KeyboardEvent): void {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    const [dx, dy, zoom] = step;
    const centre = { x: this.#canvas.width / 2, y: this.#canvas.height / 2 };
    if (zoom === 1) this.#pan(dx * devicePixelRatio, dy * devicePixelRatio);
    else this.#zoom(zoom, centre);
  }

  #pan(dx: number, dy: number): void {
    this.#origin = { x: this.#origin.x + dx, y: this.#origin.y + dy };
    this.#ask();
  }

  /** What is at `centre` stays there. */
  #zoom(factor: number, centre: { x: number; y: number }): void {
    const whole = FILL * Math.min(this.#canvas.width, this.#canvas.height);
    const requested = this.#scale * factor;
    const scale = Math.min(ZOOM.most * whole, Math.max(ZOOM.least * whole, requested));
    const ratio = scale / this.#scale;
    this.#origin = {
      x: centre.x + ratio * (this.#origin.x - centre.x),
      y: centre.y + ratio * (this.#origin.y - centre.y),
    };
    this.#scale = scale;
    this.#ask();
  }

  #point({ x, y }: { x: number; y: number }): void {
    const reach = this.#side / 2;
    let best: number | undefined;
    let nearest = reach;
    for (let i = 0; i < this.#places.length / 2; i++) {
      const dx = Math.abs(this.#origin.x + this.#scale * this.#places[2 * i] - x);
      const dy = Math.abs(this.#origin.y + this.#scale * this.#places[2 * i + 1] - y);
      const distance = Math.max(dx, dy);
      if (distance <= nearest) [best, nearest] = [i, distance];
    }
    if (best === this.#pointed) return;
    this.#pointed = best;
    this.#options.onPoint(best);
    this.#ask();
  }
}
