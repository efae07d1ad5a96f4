import type { ManifestInput } from "../../../../shared/models/manifest.ts";
import { placement } from "../../../../shared/models/placement.ts";
import type { Point, Stroke } from "../../../../shared/methods/segment/strokes.ts";

/** About as many pixels has the canvas along its longer side. */
const SIDE = 640;
/** What is cut away is so faint. */
const FAINT = 0.3;
/** As the method paints its seeds. */
const COLORS = { object: "rgb(220 20 60 / 0.55)", background: "rgb(30 100 200 / 0.55)" } as const;

/** The brush as it lies over the image. */
export interface Brush extends Point {
  readonly radius: number;
}

/** Draws the image as the network sees it, what is cut out of it, strokes and the brush. */
export class StrokeCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #image: ImageBitmap | undefined;
  #input: ManifestInput | undefined;
  #cutout: ImageBitmap | undefined;
  #scale = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d")!;
  }

  /** Width and height in pixels of the input; 0 before there is one. */
  get extent(): { readonly width: number; readonly height: number } {
    return this.#input ?? { width: 0, height: 0 };
  }

  /** Begins anew with an image that enters a network. */
  begin(image: ImageBitmap, input: ManifestInput): void {
    [this.#image, this.#input, this.#cutout] = [image, input, undefined];
    this.#scale = Math.ceil(SIDE / Math.max(input.width, input.height));
    this.#canvas.width = this.#scale * input.width;
    this.#canvas.height = this.#scale * input.height;
  }

  /** From now on all but the cut-out, which has the shape of the image, is faint. */
  showCut(cutout: ImageBitmap): void {
    this.#cutout = cutout;
  }

  /** The point of the image that is nearest to one within or beside it. */
  within({ x, y }: Point): Point {
    const { width, height } = this.extent;
    return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
  }

  /** Where on the image somebody points; never outside. */
  pointOf({ offsetX, offsetY }: MouseEvent): Point {
    const { width, height } = this.extent;
    const { clientWidth, clientHeight } = this.#canvas;
    return this.within({
      x: offsetX * width / clientWidth,
      y: offsetY * height / clientHeight,
    });
  }

  draw(strokes: readonly Stroke[], brush: Brush | undefined): void {
    const context = this.#context;
    const { width, height } = this.#canvas;
    context.fillStyle = "white";
    context.fillRect(0, 0, width, height);
    context.globalAlpha = this.#cutout ? FAINT : 1;
    this.#drawPlaced(this.#image);
    context.globalAlpha = 1;
    this.#drawPlaced(this.#cutout);
    for (const stroke of strokes) this.#drawStroke(stroke);
    if (brush) this.#drawBrush(brush);
  }

  /** Draws what has the shape of the image as the network sees it. */
  #drawPlaced(bitmap: ImageBitmap | undefined): void {
    if (!bitmap || !this.#input) return;
    const { size, crop } = placement(bitmap, this.#input);
    const [left, top, width, height] = [-crop.left, -crop.top, ...size]
      .map((pixels) => pixels * this.#scale);
    this.#context.drawImage(bitmap, left, top, width, height);
  }

  #drawStroke({ isForeground, radius, points }: Stroke): void {
    const context = this.#context;
    const [first, ...rest] = points.map(({ x, y }) => [x * this.#scale, y * this.#scale] as const);
    const width = Math.max(1, 2 * radius) * this.#scale;
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = width;
    context.fillStyle = context.strokeStyle = isForeground ? COLORS.object : COLORS.background;
    context.beginPath();
    if (rest.length === 0) {
      context.arc(...first, width / 2, 0, 2 * Math.PI);
      return context.fill();
    }
    for (const point of [first, ...rest]) context.lineTo(...point);
    context.stroke();
  }

  /** A ring that is seen on dark and on bright. */
  #drawBrush({ x, y, radius }: Brush): void {
    const context = this.#context;
    for (const [color, width] of [["black", 4], ["white", 2]] as const) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x * this.#scale, y * this.#scale, radius * this.#scale, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
