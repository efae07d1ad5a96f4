/** Maps a colour: rows of 3 factors, row-major, then an offset for all. */
export interface ColorMatrix {
  readonly factors: Float64Array;
  readonly offset: number;
}

/** How a colour changes: hue in radians, factors of saturation and contrast, added brightness. */
export interface ColorChange {
  readonly hue: number;
  readonly saturation: number;
  readonly contrast: number;
  readonly brightness: number;
}

/** Weights of red, green and blue in brightness (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114];

/** The linear map of a change of colour: rotation and scaling about the grey axis. */
export function colorMatrix(change: ColorChange): ColorMatrix {
  const { hue, saturation, contrast, brightness } = change;
  const cos = Math.cos(hue);
  const sin = Math.sin(hue) / Math.sqrt(3);
  const factors = new Float64Array(9);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const same = row === column ? 1 : 0;
      const turn = same ? 0 : (column - row + 3) % 3 === 2 ? 1 : -1;
      // Rodrigues' rotation about (1, 1, 1).
      const rotated = cos * same + sin * turn + (1 - cos) / 3;
      factors[3 * row + column] = rotated;
    }
  }
  const result = new Float64Array(9);
  for (let column = 0; column < 3; column++) {
    const luma = LUMA.reduce((sum, weight, row) => sum + weight * factors[3 * row + column], 0);
    for (let row = 0; row < 3; row++) {
      const chroma = factors[3 * row + column] - luma;
      result[3 * row + column] = contrast * (luma + saturation * chroma);
    }
  }
  return { factors: result, offset: brightness + 0.5 * (1 - contrast) };
}
