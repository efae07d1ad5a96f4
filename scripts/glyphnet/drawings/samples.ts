import { GLYPH_CLASSES } from "./classes.ts";
import type { GlyphLibrary } from "./glyph_library.ts";
import { renderScene, type Scene } from "./scene.ts";

/** Side of the samples, and of the glyphs in them, in pixels. */
export const SAMPLE_SIDE = 384;

/** A series that is neither trained on nor evaluated on. */
const SEED = 9002;

/** Scenes of the series that show well what there is, by the label of their main object. */
const CHOSEN: Readonly<Record<string, number>> = {
  "flamingo": 19,
  "rooster": 49,
  "owl": 3,
  "cup": 7,
  "bicycle": 40,
  "sailboat": 0,
  "keyboard": 19,
  "guitar": 45,
};

/** The scenes that are shipped to try things with. */
export function sampleScenes(library: GlyphLibrary): { label: string; scene: Scene }[] {
  return Object.entries(CHOSEN).map(([label, index]) => {
    const classIndex = GLYPH_CLASSES.findIndex((glyph) => glyph.label === label);
    return { label, scene: renderScene(library, SEED, index, { side: SAMPLE_SIDE, classIndex }) };
  });
}
