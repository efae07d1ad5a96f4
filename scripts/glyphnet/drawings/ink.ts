import type { Level } from "./sprite.ts";

/** Differences of colour below this (of 255) are no edge. */
const THRESHOLD = 70;

/**
 * The glyph with dark lines along its edges and silhouette, as if traced with a pen. Artists differ
 * most in whether they draw outlines, so a network should see both.
 *
 * @param width Of the pen, in pixels from the edge.
 */
export function ink(level: Level, width: number): Level {
  const { side, data } = level;
  const edges = new Uint8Array(side * side);
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const at = (y * side + x) * 4;
      let strength = 0;
      for (let c = 0; c < 4; c++) {
        const across = Math.abs(data[at + 4 + c] - data[at - 4 + c]);
        const down = Math.abs(data[at + 4 * side + c] - data[at - 4 * side + c]);
        strength = Math.max(strength, across, down);
      }
      if (strength > THRESHOLD) edges[y * side + x] = 1;
    }
  }
  const result = data.slice();
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (!hasNear(edges, side, x, y, width)) continue;
      result.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      result[(y * side + x) * 4 + 3] = 255;
    }
  }
  return { side, data: result };
}

function hasNear(edges: Uint8Array, side: number, x: number, y: number, reach: number): boolean {
  for (let v = Math.max(0, y - reach); v <= Math.min(side - 1, y + reach); v++) {
    for (let u = Math.max(0, x - reach); u <= Math.min(side - 1, x + reach); u++) {
      if (edges[v * side + u] === 1) return true;
    }
  }
  return false;
}
