import { InputError } from "../../errors.ts";
import type { Image } from "../../image/mod.ts";
import { colorMixture } from "./color_mixture.ts";

/** What is known of a pixel, as OpenCV numbers it. */
export const KNOWN = {
  background: 0,
  foreground: 1,
  maybeBackground: 2,
  maybeForeground: 3,
} as const;

export type Known = typeof KNOWN[keyof typeof KNOWN];

type OpenCv = typeof import("@techstark/opencv-js");

interface Runtime {
  onRuntimeInitialized?: () => void;
}

/** Held in an object, for the reason that open_cv.ts gives. */
let loading: Promise<{ readonly cv: OpenCv }> | undefined;

/** OpenCV, 10 MB, loaded when it is first needed. */
function loadOpenCv(): Promise<{ readonly cv: OpenCv }> {
  return loading ??= (async () => {
    checkPolicy();
    const { openCv } = await import("./open_cv.ts");
    const cv = openCv as OpenCv & Runtime;
    if (!cv.Mat) await new Promise<void>((resolve) => cv.onRuntimeInitialized = resolve);
    return { cv };
  })();
}

/**
 * OpenCV's bindings are functions made from text. Where a page's policy forbids that, it would wait
 * for itself for ever.
 */
function checkPolicy(): void {
  try {
    new Function("");
  } catch (cause) {
    throw new Error(
      "Cannot cut the image here: OpenCV makes code from text, which the policy of this page " +
        "forbids; run it on the server",
      { cause },
    );
  }
}

/**
 * Cuts an image into foreground and background: OpenCV's GrabCut with two mixtures of five
 * Gaussians, gamma 50. The mixtures are first learned from what is known alone, then, in each round,
 * from the last cut.
 *
 * @param learned One of `KNOWN` for each pixel; some of it background, some foreground for sure.
 * @param known The same for the cut, which keeps what is sure. Nothing has to be.
 * @param rounds Cuts after the first one.
 * @returns 1 for each pixel of the foreground, 0 for the others.
 * @throws {RangeError} If nothing is background for sure, or nothing foreground.
 * @see Rother, Kolmogorov, Blake, "GrabCut", SIGGRAPH 2004
 */
export async function grabCut(
  { width, height, data }: Image,
  learned: Uint8Array,
  known: Uint8Array,
  rounds: number,
): Promise<Uint8Array> {
  const kinds = new Set(learned);
  if (!kinds.has(KNOWN.background) || !kinds.has(KNOWN.foreground)) {
    throw new InputError(
      "Cannot cut the image: the gradient and the strokes leave no pixel sure to be background, or " +
        "none sure to be foreground, expected both; the image may be of one colour",
    );
  }
  const { cv } = await loadOpenCv();
  const colorAt = (at: number) => [data[4 * at], data[4 * at + 1], data[4 * at + 2]] as const;
  const mixture = (kind: Known) => {
    const colors = [...learned.keys()].filter((at) => learned[at] === kind).map(colorAt);
    const numbers = colorMixture(colors);
    return cv.matFromArray(1, numbers.length, cv.CV_64FC1, numbers);
  };
  const mats = {
    image: cv.matFromArray(height, width, cv.CV_8UC3, [...known.keys()].flatMap(colorAt)),
    mask: cv.matFromArray(height, width, cv.CV_8UC1, [...known]),
    background: mixture(KNOWN.background),
    foreground: mixture(KNOWN.foreground),
  };
  try {
    const { background, foreground, mask, image } = mats;
    const nowhere = new cv.Rect(0, 0, 1, 1);
    const cut = (count: number, mode: number) =>
      cv.grabCut(image, mask, nowhere, background, foreground, count, mode);
    cut(1, Number(cv.GC_EVAL_FREEZE_MODEL));
    if (rounds > 0) cut(rounds, Number(cv.GC_EVAL));
    return Uint8Array.from(mask.data, (value) => value % 2);
  } finally {
    for (const mat of Object.values(mats)) mat.delete();
  }
}
