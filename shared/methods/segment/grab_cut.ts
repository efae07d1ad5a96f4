import { InputError } from "../../errors.ts";
import type { Image } from "../../image/mod.ts";
import { colorMixture } from "./color_mixture.ts";
import type { CutJob } from "./cut_mask.ts";
import type { CutReply } from "./cut_worker.ts";

/** What is known of a pixel, as OpenCV numbers it. */
export const KNOWN = {
  background: 0,
  foreground: 1,
  maybeBackground: 2,
  maybeForeground: 3,
} as const;

export type Known = typeof KNOWN[keyof typeof KNOWN];

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
  const colorAt = (at: number) => [data[4 * at], data[4 * at + 1], data[4 * at + 2]] as const;
  const mixture = (kind: Known) =>
    colorMixture([...learned.keys()].filter((at) => learned[at] === kind).map(colorAt));
  const job: CutJob = {
    width,
    height,
    colors: colorsOf(data),
    known,
    background: mixture(KNOWN.background),
    foreground: mixture(KNOWN.foreground),
    rounds,
  };
  return mayMakeCode()
    ? await (await import("./cut_mask.ts")).cutMask(job)
    : await cutElsewhere(job);
}

/** Red, green and blue of each pixel. */
function colorsOf(data: Image["data"]): Uint8Array {
  const colors = new Uint8Array(data.length / 4 * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    for (let channel = 0; channel < 3; channel++) colors[to + channel] = data[from + channel];
  }
  return colors;
}

/** OpenCV's bindings are functions made from text, which a page's policy may forbid. */
function mayMakeCode(): boolean {
  try {
    new Function("");
    return true;
  } catch {
    return false;
  }
}

/** A worker that has OpenCV; it stays for the next cut. */
let cutWorker: Worker | undefined;

/** In a worker whose script comes with a policy of its own. */
async function cutElsewhere(job: CutJob): Promise<Uint8Array> {
  const worker = cutWorker ??= new Worker(new URL("./cut_worker.js", import.meta.url), {
    type: "module",
  });
  const answer = Promise.withResolvers<CutReply>();
  worker.onmessage = ({ data }: MessageEvent<CutReply>) => answer.resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    cutWorker = undefined;
    answer.resolve({ failure: `its worker failed (${event.message})` });
  };
  worker.postMessage(job);
  const reply = await answer.promise;
  if ("mask" in reply) return reply.mask;
  throw new Error(`Cannot cut the image here: ${reply.failure}`);
}
