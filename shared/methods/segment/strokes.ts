import { InputError } from "../../errors.ts";

/** A point in pixels of the input, from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a person drew with a round brush: a line through points, or a disc at the only one. */
export interface Stroke {
  readonly isForeground: boolean;
  /** Of the brush, in pixels of the input. */
  readonly radius: number;
  /** At least one. */
  readonly points: readonly Point[];
}

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const FORM = new RegExp(String.raw`^[+-]${NUMBER},${NUMBER},${NUMBER}(?:,${NUMBER},${NUMBER})*$`);

/**
 * Reads "+x,y,radius;-x,y,radius,x2,y2"; blanks do not matter.
 *
 * @throws {RangeError} If it is not of that form.
 */
export function parseStrokes(text: string): Stroke[] {
  const parts = text.replaceAll(/\s/g, "").split(";").filter((part) => part !== "");
  return parts.map((part) => {
    if (!FORM.test(part)) {
      throw new InputError(
        `Cannot use the stroke "${part}": expected +<x>,<y>,<radius> for foreground or ` +
          `-<x>,<y>,<radius> for background, and after it ,<x>,<y> for each further point`,
      );
    }
    const [x, y, radius, ...rest] = part.slice(1).split(",").map(Number);
    const points = [{ x, y }];
    for (let i = 0; i < rest.length; i += 2) points.push({ x: rest[i], y: rest[i + 1] });
    return { isForeground: part[0] === "+", radius, points };
  });
}

/** The text that `parseStrokes` reads, to a tenth of a pixel. */
export function formatStrokes(strokes: readonly Stroke[]): string {
  const round = (value: number) => Math.round(10 * value) / 10;
  return strokes.map(({ isForeground, radius, points: [first, ...rest] }) => {
    const numbers = [first.x, first.y, radius, ...rest.flatMap(({ x, y }) => [x, y])];
    return (isForeground ? "+" : "-") + numbers.map(round).join();
  }).join(";");
}

/** Calls `mark` once for each pixel whose middle the brush passes, and for those its points are in. */
export function fillStroke(
  { points, radius }: Stroke,
  width: number,
  height: number,
  mark: (at: number) => void,
): void {
  const [left, right] = reach(points.map(({ x }) => x), radius, width);
  const [top, bottom] = reach(points.map(({ y }) => y), radius, height);
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const middle = { x: column + 0.5, y: row + 0.5 };
      const isIn = points.some((point, i) =>
        distanceToLine(middle, point, points[Math.max(0, i - 1)]) <= radius ||
        (column === Math.floor(point.x) && row === Math.floor(point.y))
      );
      if (isIn) mark(row * width + column);
    }
  }
}

/** The first pixel and the end of those that a brush can touch along an axis. */
function reach(places: readonly number[], radius: number, extent: number): [number, number] {
  const first = Math.floor(Math.min(...places) - radius);
  const last = Math.floor(Math.max(...places) + radius);
  return [Math.max(0, first), Math.min(extent, last + 1)];
}

/** From a point to the straight line between two others. */
export function distanceToLine(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - share * dx, point.y - a.y - share * dy);
}
