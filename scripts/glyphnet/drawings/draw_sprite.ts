import type { Canvas } from "./canvas.ts";
import type { ColorMatrix } from "./color_matrix.ts";
import type { Sprite } from "./sprite.ts";

/** A quadratic warp of the square -1..1: x' = x (1 + taper y) + shear y + bend y². */
export interface Warp {
  readonly shear: number;
  readonly bend: number;
  readonly taper: number;
  /** The same bend, of y by x. */
  readonly sag: number;
}

export const NO_WARP: Warp = { shear: 0, bend: 0, taper: 0, sag: 0 };

/** Where and how a sprite is drawn. */
export interface Placement {
  /** Centre, in pixels of the canvas. */
  readonly x: number;
  readonly y: number;
  /** Side of the upright square, in pixels of the canvas. */
  readonly size: number;
  /** Radians, clockwise. */
  readonly angle: number;
  readonly isFlipped: boolean;
  /** Height over width. */
  readonly aspect: number;
  /**
   * How far its borders are bent and its sides tapered, relative to half the size: a smooth change of
   * shape, as between two people's drawings of one thing.
   */
  readonly warp: Warp;
  readonly color: ColorMatrix;
}

/**
 * Draws a sprite over the canvas with bilinear sampling. Pixels that it covers at least half belong
 * to `owner` from then on, if one is given.
 */
export function drawSprite(
  canvas: Canvas,
  sprite: Sprite,
  placement: Placement,
  owner?: number,
): void {
  const { x, y, size, angle, isFlipped, aspect, color, warp } = placement;
  const { side: extent, rgb, owner: owners } = canvas;
  const level = sprite.find(({ side }) => side < size * 1.5) ?? sprite[sprite.length - 1];
  const { side, data } = level;
  const stretch = Math.sqrt(aspect);
  const [width, height] = [size / stretch, size * stretch];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const { shear, bend, taper, sag } = warp;
  const slack = 1 + Math.abs(shear) + Math.abs(bend) + Math.abs(taper) + Math.abs(sag);
  const reachX = slack * (Math.abs(cos) * width + Math.abs(sin) * height) / 2 + 1;
  const reachY = slack * (Math.abs(sin) * width + Math.abs(cos) * height) / 2 + 1;
  const [left, right] = span(x, reachX, extent);
  const [top, bottom] = span(y, reachY, extent);
  const perX = (isFlipped ? -side : side) / width;
  const perY = side / height;
  const { factors: f, offset } = color;
  const half = side / 2;
  for (let row = top; row < bottom; row++) {
    const dy = row + 0.5 - y;
    for (let column = left; column < right; column++) {
      const dx = column + 0.5 - x;
      const straightX = (cos * dx + sin * dy) * perX / half;
      const straightY = (cos * dy - sin * dx) * perY / half;
      const bentX = straightX * (1 + taper * straightY) + (shear + bend * straightY) * straightY;
      const bentY = straightY + sag * straightX * straightX;
      const u = half * (bentX + 1) - 0.5;
      const v = half * (bentY + 1) - 0.5;
      if (u < 0 || v < 0 || u >= side - 1 || v >= side - 1) continue;
      const u0 = u | 0;
      const v0 = v | 0;
      const a = u - u0;
      const b = v - v0;
      const at = (v0 * side + u0) * 4;
      const below = at + side * 4;
      const w11 = a * b;
      const w01 = a - w11;
      const w10 = b - w11;
      const w00 = 1 - a - b + w11;
      const alpha = (w00 * data[at + 3] + w01 * data[at + 7] + w10 * data[below + 3] +
        w11 * data[below + 7]) / 255;
      if (alpha < 0.004) continue;
      const red = (w00 * data[at] + w01 * data[at + 4] + w10 * data[below] +
        w11 * data[below + 4]) / 255;
      const green = (w00 * data[at + 1] + w01 * data[at + 5] + w10 * data[below + 1] +
        w11 * data[below + 5]) / 255;
      const blue = (w00 * data[at + 2] + w01 * data[at + 6] + w10 * data[below + 2] +
        w11 * data[below + 6]) / 255;
      const place = row * extent + column;
      for (let c = 0; c < 3; c++) {
        const level = f[3 * c] * red + f[3 * c + 1] * green + f[3 * c + 2] * blue + offset * alpha;
        const shown = level < 0 ? 0 : level > alpha ? alpha : level;
        rgb[3 * place + c] = rgb[3 * place + c] * (1 - alpha) + shown;
      }
      if (owner !== undefined && alpha >= 0.5) owners[place] = owner;
    }
  }
}

/** The pixels from `centre - reach` to `centre + reach` that are on the canvas. */
function span(centre: number, reach: number, extent: number): [number, number] {
  return [Math.max(0, Math.floor(centre - reach)), Math.min(extent, Math.ceil(centre + reach))];
}
