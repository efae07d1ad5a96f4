/** Thumbnails in one image, row by row. */
export interface Thumbnails {
  readonly atlas: ImageBitmap;
  readonly columns: number;
  /** Side of a thumbnail in the atlas, in pixels. */
  readonly thumb: number;
}

/** Where thumbnails lie, in pixels of the canvas. */
export interface Layout {
  /** x and y of each, in units of `scale` from `origin`. Never changed, only replaced. */
  readonly places: Float32Array;
  readonly scale: number;
  readonly origin: { readonly x: number; readonly y: number };
  /** Side of a thumbnail. */
  readonly side: number;
}

/** What is drawn beyond each edge for a hand that moves the plane, as a part of its extent. */
const MARGIN = 0.4;

/**
 * Draws thumbnails, thousands of them: while the plane is only moved they are drawn once, together
 * with what lies beyond the edges, and then moved as one image.
 */
export class ThumbnailLayer {
  readonly #thumbnails: Thumbnails;
  readonly #target: CanvasRenderingContext2D;
  readonly #beyond = document.createElement("canvas").getContext("2d")!;
  /** What was painted last, and what `#beyond` holds. */
  #last: Layout | undefined;
  #held: Layout | undefined;

  constructor(target: CanvasRenderingContext2D, thumbnails: Thumbnails) {
    this.#target = target;
    this.#thumbnails = thumbnails;
  }

  /** Paints everything, in place of what was there. */
  paint(layout: Layout): void {
    const { width, height } = this.#target.canvas;
    this.#target.clearRect(0, 0, width, height);
    const isMoved = isSame(this.#last, layout);
    this.#last = layout;
    if (!isMoved) {
      this.#held = undefined;
      return this.#drawAll(this.#target, layout);
    }
    const [left, top] = [width, height].map((side) => Math.round(MARGIN * side));
    const { canvas } = this.#beyond;
    const extent = { width: width + 2 * left, height: height + 2 * top };
    const isFit = canvas.width === extent.width && canvas.height === extent.height;
    if (!this.#held || !isFit || isBeyond(layout, this.#held, left, top)) {
      Object.assign(canvas, extent);
      this.#held = layout;
      const origin = { x: layout.origin.x + left, y: layout.origin.y + top };
      this.#drawAll(this.#beyond, { ...layout, origin });
    }
    const { x, y } = this.#held.origin;
    this.#target.drawImage(
      canvas,
      Math.round(layout.origin.x - x) - left,
      Math.round(layout.origin.y - y) - top,
    );
  }

  /** Draws one thumbnail over the others. */
  paintOne(layout: Layout, index: number): void {
    this.#draw(this.#target, layout, index);
  }

  #drawAll(context: CanvasRenderingContext2D, layout: Layout): void {
    for (let i = 0; i < layout.places.length / 2; i++) this.#draw(context, layout, i);
  }

  #draw(
    context: CanvasRenderingContext2D,
    { places, scale, origin, side }: Layout,
    index: number,
  ): void {
    const { atlas, columns, thumb } = this.#thumbnails;
    const x = origin.x + scale * places[2 * index] - side / 2;
    const y = origin.y + scale * places[2 * index + 1] - side / 2;
    const { width, height } = context.canvas;
    if (x > width || y > height || x < -side || y < -side) return;
    const [column, row] = [index % columns, Math.floor(index / columns)];
    context.drawImage(atlas, column * thumb, row * thumb, thumb, thumb, x, y, side, side);
  }
}

/** Whether two layouts differ in nothing but their origins. */
const isSame = (a: Layout | undefined, b: Layout) =>
  a?.places === b.places && a.scale === b.scale && a.side === b.side;

/** Whether the origin has moved by more than the margins. */
const isBeyond = ({ origin: a }: Layout, { origin: b }: Layout, width: number, height: number) =>
  Math.abs(a.x - b.x) > width || Math.abs(a.y - b.y) > height;
