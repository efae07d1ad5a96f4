/**
 * The border of a mask as SVG path data, along the sides of its pixels.
 *
 * @param mask Anything but 0 belongs to it, row by row.
 * @param scaleX Units of the path for a pixel, across and down.
 */
export function outlinePath(
  mask: Uint8Array,
  width: number,
  height: number,
  scaleX: number,
  scaleY: number,
): string {
  const isIn = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] !== 0;
  const runs: string[] = [];
  const place = (x: number, y: number) => `${round(x * scaleX)} ${round(y * scaleY)}`;
  for (let y = 0; y <= height; y++) {
    forRuns(width, (x) => isIn(x, y) !== isIn(x, y - 1), (from, to) => {
      runs.push(`M${place(from, y)}L${place(to, y)}`);
    });
  }
  for (let x = 0; x <= width; x++) {
    forRuns(height, (y) => isIn(x, y) !== isIn(x - 1, y), (from, to) => {
      runs.push(`M${place(x, from)}L${place(x, to)}`);
    });
  }
  return runs.join("");
}

const round = (value: number) => Math.round(100 * value) / 100;

/** Calls `found` for each run of places at which `holds`. */
function forRuns(
  extent: number,
  holds: (at: number) => boolean,
  found: (from: number, to: number) => void,
): void {
  let from = -1;
  for (let at = 0; at <= extent; at++) {
    const isHeld = at < extent && holds(at);
    if (isHeld && from < 0) from = at;
    if (!isHeld && from >= 0) {
      found(from, at);
      from = -1;
    }
  }
}
