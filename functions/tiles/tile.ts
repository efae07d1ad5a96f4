/** Positions of a map that are evaluated together. */
export interface Tile {
  readonly positions: readonly number[];
}

/**
 * Tiles of what `take` gives, for as long as it gives something; asked for one by one, so that
 * what has arrived can decide what comes next.
 */
export function* tilesOf(take: () => readonly number[]): Generator<Tile> {
  for (let positions = take(); positions.length > 0; positions = take()) yield { positions };
}
