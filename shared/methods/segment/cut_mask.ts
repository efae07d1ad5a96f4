type OpenCv = typeof import("@techstark/opencv-js");

/** A cut to make; plain data. */
export interface CutJob {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel. */
  readonly colors: Uint8Array;
  /** What is known of each pixel, as OpenCV numbers it. */
  readonly known: Uint8Array;
  /** Mixtures of Gaussians, as OpenCV writes them. */
  readonly background: readonly number[];
  readonly foreground: readonly number[];
  /** Cuts after the first one, each with mixtures learned from the last. */
  readonly rounds: number;
}

interface Runtime {
  onRuntimeInitialized?: () => void;
}

/** Held in an object, for the reason that open_cv.ts gives. */
let loading: Promise<{ readonly cv: OpenCv }> | undefined;

/** OpenCV, 10 MB, loaded when it is first needed. */
function loadOpenCv(): Promise<{ readonly cv: OpenCv }> {
  return loading ??= (async () => {
    const { openCv } = await import("./open_cv.ts");
    const cv = openCv as OpenCv & Runtime;
    if (!cv.Mat) await new Promise<void>((resolve) => cv.onRuntimeInitialized = resolve);
    return { cv };
  })();
}

/**
 * Has OpenCV make a cut, in this thread, which must be allowed to make code from text.
 *
 * @returns 1 for each pixel of the foreground, 0 for the others.
 */
export async function cutMask(job: CutJob): Promise<Uint8Array> {
  const { width, height, rounds } = job;
  const { cv } = await loadOpenCv();
  const mixture = (numbers: readonly number[]) =>
    cv.matFromArray(1, numbers.length, cv.CV_64FC1, [...numbers]);
  const bytes = (type: number, values: Uint8Array) => {
    const mat = new cv.Mat(height, width, type);
    mat.data.set(values);
    return mat;
  };
  const mats = {
    image: bytes(cv.CV_8UC3, job.colors),
    mask: bytes(cv.CV_8UC1, job.known),
    background: mixture(job.background),
    foreground: mixture(job.foreground),
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
