import { distanceToLine, type Point } from "../../../../shared/methods/segment/strokes.ts";

/**
 * Fewer points for the same line: none that is left out is further than `tolerance` from what
 * remains (Ramer, Douglas, Peucker).
 */
export function simplifyLine(points: readonly Point[], tolerance: number): readonly Point[] {
  const [first, last] = [points[0], points[points.length - 1]];
  let [furthest, most] = [0, tolerance];
  for (let i = 1; i < points.length - 1; i++) {
    const distance = distanceToLine(points[i], first, last);
    if (distance > most) [furthest, most] = [i, distance];
  }
  if (furthest === 0) {
    const isDot = Math.hypot(last.x - first.x, last.y - first.y) <= tolerance;
    return isDot ? [first] : [first, last];
  }
  return [
    ...simplifyLine(points.slice(0, furthest + 1), tolerance),
    ...simplifyLine(points.slice(furthest), tolerance).slice(1),
  ];
}
