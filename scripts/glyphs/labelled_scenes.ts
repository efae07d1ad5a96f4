import type { GlyphLibrary } from "./glyph_library.ts";
import { renderScene, type Scene } from "./scene.ts";

/** Series of scenes that no network is trained on. */
export const EVALUATION_SEED = 9001;

/** Scenes `0` to `count - 1` of a series, with their masks; classes take turns. */
export function* labelledScenes(
  library: GlyphLibrary,
  count: number,
  { seed = EVALUATION_SEED, side = 96 }: { seed?: number; side?: number } = {},
): Generator<Scene> {
  for (let i = 0; i < count; i++) {
    yield renderScene(library, seed, i, { side, classIndex: i % library.length });
  }
}
