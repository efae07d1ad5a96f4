import type { Image } from "../../../shared/image/image.ts";
import { paintBackground } from "./backgrounds.ts";
import { type Canvas, newCanvas } from "./canvas.ts";
import { colorMatrix } from "./color_matrix.ts";
import { drawSprite, type Placement } from "./draw_sprite.ts";
import type { Glyph, GlyphLibrary } from "./glyph_library.ts";
import { RandomStream } from "../../random_stream.ts";

export interface SceneObject {
  readonly classIndex: number;
  readonly artist: string;
  /** Side of its upright square in pixels. */
  readonly size: number;
}

/** An image of one or several glyphs whose every pixel is known. */
export interface Scene {
  readonly image: Image;
  /** In the order of drawing. */
  readonly objects: readonly SceneObject[];
  /** Index in `objects` of the largest: what the scene is an image of. */
  readonly main: number;
  /** What each pixel shows, row-major. 0: background; i + 1: object i. */
  readonly owner: Uint8Array;
}

export interface SceneOptions {
  /** Side of the square image in pixels. @default 96 */
  readonly side?: number;
  /** Class of the largest glyph. @default drawn at random */
  readonly classIndex?: number;
}

/** Sides of glyphs relative to the image's. */
const MAIN_SIZE = [0.55, 1] as const;
/** Relative to the main glyph's. */
const OTHER_SIZE = [0.2, 0.45] as const;

/**
 * Scene number `index` of the series `seed`: the same for the same arguments, whatever was rendered
 * before. One main glyph, up to three smaller ones of other classes, over a background.
 */
export function renderScene(
  library: GlyphLibrary,
  seed: number,
  index: number,
  options: SceneOptions = {},
): Scene {
  const { side = 96 } = options;
  const random = new RandomStream(Math.imul(seed, 0x2545f491) ^ Math.imul(index, 0x85157af5));
  const classIndex = options.classIndex ?? random.below(library.length);
  const canvas = newCanvas(side);
  paintBackground(canvas, random, library);

  const size = random.between(...MAIN_SIZE) * side;
  const main = place(random, random.pick(library[classIndex]), size, side, 0.4);
  const others = Array.from({ length: Math.max(0, random.below(5) - 1) }, () => {
    const glyph = random.pick(library[otherClass(random, classIndex, library.length)]);
    return place(random, glyph, random.between(...OTHER_SIZE) * size, side, 0);
  });
  // At most one small glyph stands in front of the main one.
  const before = others.length > 0 && random.chance(0.2) ? 1 : 0;
  const placed = [...others.slice(before), main, ...others.slice(0, before)];
  for (const [i, { glyph, placement }] of placed.entries()) {
    const sprite = random.chance(0.4) ? glyph.inked : glyph.plain;
    drawSprite(canvas, sprite, placement, i + 1);
  }
  return {
    image: develop(canvas, random),
    objects: placed.map(({ glyph, placement }) => ({
      classIndex: glyph.classIndex,
      artist: glyph.artist,
      size: placement.size,
    })),
    main: placed.indexOf(main),
    owner: canvas.owner,
  };
}

function otherClass(random: RandomStream, classIndex: number, count: number): number {
  return (classIndex + 1 + random.below(count - 1)) % count;
}

/** @param margin How much of the glyph, as a share of its size, stays between centre and border. */
function place(
  random: RandomStream,
  glyph: Glyph,
  size: number,
  side: number,
  margin: number,
): { glyph: Glyph; placement: Placement } {
  const inset = margin * size;
  const isTumbled = random.chance(0.05);
  const placement = {
    x: random.between(inset, side - inset),
    y: random.between(inset, side - inset),
    size,
    angle: isTumbled ? random.between(-Math.PI, Math.PI) : 0.2 * random.normal(),
    isFlipped: random.chance(0.5),
    aspect: random.between(0.8, 1.25),
    warp: {
      shear: 0.1 * random.normal(),
      bend: 0.07 * random.normal(),
      taper: 0.1 * random.normal(),
      sag: 0.07 * random.normal(),
    },
    color: colorMatrix({
      hue: random.chance(0.08) ? random.between(-Math.PI, Math.PI) : 0.2 * random.normal(),
      saturation: random.chance(0.05) ? 0 : random.between(0.6, 1.4),
      contrast: random.between(0.7, 1.15),
      brightness: random.between(-0.12, 0.12),
    }),
  };
  return { glyph, placement };
}

/** The canvas as 8-bit levels, some of them with grain. */
function develop({ side, rgb }: Canvas, random: RandomStream): Image {
  const grain = random.chance(0.25) ? random.between(0, 30) : 0;
  const data = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    const lift = grain === 0 ? 0 : grain * (random.next() + random.next() - 1);
    for (let c = 0; c < 3; c++) data[4 * i + c] = 255 * rgb[3 * i + c] + lift;
    data[4 * i + 3] = 255;
  }
  return { width: side, height: side, data };
}

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
