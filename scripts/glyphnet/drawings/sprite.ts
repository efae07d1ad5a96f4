/** A square image with premultiplied alpha, 8-bit RGBA. */
export interface Level {
  readonly side: number;
  readonly data: Uint8ClampedArray;
}

/** A glyph that is ready to be drawn: levels of halved size, from the largest to the smallest. */
export type Sprite = readonly Level[];

/** Halves a glyph until it is `smallest` pixels or less. */
export function spriteOf(level: Level, smallest = 12): Sprite {
  const levels = [level];
  for (let last = level; last.side > smallest && last.side % 2 === 0;) {
    levels.push(last = halve(last));
  }
  return levels;
}

function halve({ side, data }: Level): Level {
  const half = side / 2;
  const result = new Uint8ClampedArray(half * half * 4);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const from = (2 * y * side + 2 * x) * 4;
      for (let c = 0; c < 4; c++) {
        const sum = data[from + c] + data[from + 4 + c] + data[from + 4 * side + c] +
          data[from + 4 * side + 4 + c];
        result[(y * half + x) * 4 + c] = sum / 4;
      }
    }
  }
  return { side: half, data: result };
}
