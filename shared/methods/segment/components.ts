/**
 * The connected parts of a mask, by sides: those that hold a pixel of `kept`, and the largest.
 *
 * @param mask Anything but 0 belongs to it.
 * @param kept Pixels whose part is kept however small.
 * @returns 1 where the mask is kept, else 0.
 */
export function mainComponents(
  mask: Uint8Array,
  width: number,
  kept: ReadonlySet<number>,
): Uint8Array {
  const partOf = new Int32Array(mask.length);
  const sizes = [0];
  const wanted = new Set<number>();
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || partOf[start] !== 0) continue;
    const part = sizes.length;
    const open = [start];
    partOf[start] = part;
    let size = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size++;
      if (kept.has(at)) wanted.add(part);
      for (const next of neighbours(at, width, mask.length)) {
        if (mask[next] === 0 || partOf[next] !== 0) continue;
        partOf[next] = part;
        open.push(next);
      }
    }
    sizes.push(size);
  }
  wanted.add(sizes.indexOf(Math.max(...sizes)));
  return Uint8Array.from(partOf, (part) => part !== 0 && wanted.has(part) ? 1 : 0);
}

function neighbours(at: number, width: number, count: number): number[] {
  const column = at % width;
  return [
    ...(at >= width ? [at - width] : []),
    ...(at + width < count ? [at + width] : []),
    ...(column > 0 ? [at - 1] : []),
    ...(column < width - 1 ? [at + 1] : []),
  ];
}
