/** What scenes are painted on: RGB levels of 0..1, and which object every pixel shows. */
export interface Canvas {
  readonly side: number;
  /** [side, side, 3]. */
  readonly rgb: Float32Array;
  /** 0: background; i + 1: object i. */
  readonly owner: Uint8Array;
}

export type Rgb = readonly [number, number, number];

export function newCanvas(side: number): Canvas {
  return { side, rgb: new Float32Array(side * side * 3), owner: new Uint8Array(side * side) };
}
