import { type Canvas, newCanvas, type Rgb } from "./canvas.ts";
import { drawSprite, NO_WARP } from "./draw_sprite.ts";
import type { GlyphLibrary } from "./glyph_library.ts";
import type { RandomStream } from "../../random_stream.ts";

type Background = (canvas: Canvas, random: RandomStream, library: GlyphLibrary) => void;

/** Side of the small images that blurred backgrounds are enlarged from. */
const COARSE = 16;

/** Paints every pixel with what `shade` mixes of two colours; 0 is the first, 1 the second. */
function mix(canvas: Canvas, from: Rgb, to: Rgb, shade: (x: number, y: number) => number): void {
  const { side, rgb } = canvas;
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const share = shade(x / side, y / side);
      for (let c = 0; c < 3; c++) rgb[at++] = from[c] + share * (to[c] - from[c]);
    }
  }
}

function flat(canvas: Canvas, random: RandomStream): void {
  const color = random.chance(0.25)
    ? random.pick<Rgb>([[1, 1, 1], [0, 0, 0]])
    : randomColor(random);
  mix(canvas, color, color, () => 0);
}

function gradient(canvas: Canvas, random: RandomStream): void {
  const [dx, dy] = direction(random);
  mix(
    canvas,
    randomColor(random),
    randomColor(random),
    (x, y) => Math.min(1, Math.max(0, 0.5 + (x - 0.5) * dx + (y - 0.5) * dy)),
  );
}

function stripes(canvas: Canvas, random: RandomStream): void {
  const [dx, dy] = direction(random);
  const count = random.between(3, 14);
  const softness = random.between(1, 8);
  mix(canvas, randomColor(random), randomColor(random), (x, y) => {
    const wave = Math.sin(2 * Math.PI * count * (x * dx + y * dy));
    return Math.min(1, Math.max(0, 0.5 + softness * wave));
  });
}

function checks(canvas: Canvas, random: RandomStream): void {
  const count = random.between(3, 10);
  const [dx, dy] = direction(random);
  mix(canvas, randomColor(random), randomColor(random), (x, y) => {
    const u = Math.floor(count * (x * dx + y * dy));
    const v = Math.floor(count * (y * dx - x * dy));
    return (u + v) & 1;
  });
}

function noise(canvas: Canvas, random: RandomStream): void {
  const coarse = newCanvas(random.pick([4, 8, COARSE, 32]));
  const [a, b] = [randomColor(random), randomColor(random)];
  mix(coarse, a, b, () => random.next());
  enlarge(coarse, canvas);
}

/** Other glyphs, out of focus. */
function clutter(canvas: Canvas, random: RandomStream, library: GlyphLibrary): void {
  const coarse = newCanvas(random.pick([COARSE, 24, 32]));
  const { side } = coarse;
  gradient(coarse, random);
  for (let count = 4 + random.below(6); count > 0; count--) {
    const glyph = random.pick(random.pick(library));
    drawSprite(coarse, glyph.plain, {
      x: random.between(0, side),
      y: random.between(0, side),
      size: random.between(0.25, 0.7) * side,
      angle: random.between(-Math.PI, Math.PI),
      isFlipped: random.chance(0.5),
      aspect: 1,
      warp: NO_WARP,
      color: UNCHANGED,
    });
  }
  enlarge(coarse, canvas);
}

const UNCHANGED = { factors: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), offset: 0 };

function direction(random: RandomStream): [number, number] {
  const angle = random.between(0, 2 * Math.PI);
  return [Math.cos(angle), Math.sin(angle)];
}

/** Bilinear; the border repeats. */
function enlarge(from: Canvas, to: Canvas): void {
  const last = from.side - 1;
  const places = Array.from({ length: to.side }, (_, i) => {
    const place = Math.min(last, Math.max(0, (i + 0.5) * from.side / to.side - 0.5));
    const first = Math.min(last - 1, Math.floor(place));
    return { first, share: place - first };
  });
  let at = 0;
  for (const { first: y, share: b } of places) {
    for (const { first: x, share: a } of places) {
      const start = 3 * (y * from.side + x);
      for (let c = start; c < start + 3; c++) {
        const above = from.rgb[c] + a * (from.rgb[c + 3] - from.rgb[c]);
        const next = c + 3 * from.side;
        const below = from.rgb[next] + a * (from.rgb[next + 3] - from.rgb[next]);
        to.rgb[at++] = above + b * (below - above);
      }
    }
  }
}

const BACKGROUNDS: readonly Background[] = [
  flat,
  gradient,
  stripes,
  checks,
  noise,
  clutter,
  clutter,
];

/** Paints a background of a random kind. */
export function paintBackground(
  canvas: Canvas,
  random: RandomStream,
  library: GlyphLibrary,
): void {
  random.pick(BACKGROUNDS)(canvas, random, library);
}

/** Any colour of 0..1, with pale and dark ones as frequent as bright ones. */
export function randomColor(random: RandomStream): Rgb {
  const value = random.next();
  const spread = random.next();
  const channel = () => Math.min(1, Math.max(0, value + spread * (random.next() - 0.5)));
  return [channel(), channel(), channel()];
}
