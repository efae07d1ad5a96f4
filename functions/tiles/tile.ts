/** Positions in a row, counted row by row over the whole map. */
export interface Tile {
  readonly first: number;
  readonly count: number;
}

/** Splits `positions` into tiles of `size`; the last one may be smaller. */
export function splitTiles(positions: number, size: number): Tile[] {
  return Array.from({ length: Math.ceil(positions / size) }, (_, i) => ({
    first: i * size,
    count: Math.min(size, positions - i * size),
  }));
}
