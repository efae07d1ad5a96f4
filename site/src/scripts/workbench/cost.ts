import { occlusionGrid } from "../../../../shared/methods/occlusion/grid.ts";

/** What a run takes, as far as its options say. */
export interface Work {
  readonly steps: number;
  /** What the steps are. */
  readonly unit: string;
  /** A step, in forward passes of the network. */
  readonly passes: number;
}

/** What is asked of a network whose input has this extent. */
export interface Asked {
  readonly method: string;
  /** Options as texts. */
  readonly option: (name: string) => string;
  readonly input: { readonly height: number; readonly width: number };
}

/** A backward pass takes about twice as long as the forward pass before it. */
const GRADIENT = 3;
/** The curves of deletion and insertion. */
const CURVES = 130;
/** At incremental inference, of GoogLeNet, an occluder's position takes so much of a pass. */
const OCCLUDED = 0.5;
/** Up to so many passes a run need not be asked for. */
const CHEAP = 24;

/**
 * Methods that never run by themselves: what is cut out waits for strokes, a dream grows with its
 * image, and an occluder's options are set one after the other.
 */
const ASKED_FOR: ReadonlySet<string> = new Set(["deep-dream", "occlusion", "segment"]);

const count = ({ option }: Asked, name: string, otherwise: number): number =>
  Number(option(name)) || otherwise;

const pass = (): Work => ({ steps: 1, unit: "forward passes", passes: 1 });
const gradients = (steps: number, unit: string): Work => ({ steps, unit, passes: GRADIENT });

/** Steps of a recipe, where it is left to it. */
const SYNTHESIS_STEPS = 256;

const synthesis = (asked: Asked): Work =>
  gradients(count(asked, "count", 1) * count(asked, "steps", SYNTHESIS_STEPS), "steps");

const WORK: Readonly<Record<string, (asked: Asked) => Work>> = {
  "activations": pass,
  "adversarial": (asked) => gradients(count(asked, "steps", 150), "steps"),
  "attention": pass,
  "cam": (asked) =>
    asked.option("method") === "scorecam"
      ? { ...pass(), steps: count(asked, "channels", 256), unit: "channels" }
      : gradients(asked.option("target") === "top5" ? 5 : 1, "maps"),
  "class-model": synthesis,
  "classify": pass,
  "deep-dream": (asked) =>
    gradients(
      count(asked, "octaves", 4) * count(asked, "iterations", 10) * count(asked, "frames", 1),
      "steps",
    ),
  "gradient": (asked) => gradients(count(asked, "samples", 1), "samples"),
  "integrated-gradients": (asked) => {
    const samples = asked.option("baseline") === "noise" ? count(asked, "samples", 8) : 1;
    const isOne = asked.option("kind") === "input-x-gradient";
    return gradients(isOne ? 1 : samples * count(asked, "steps", 32), "steps");
  },
  "inversion": (asked) =>
    gradients(count(asked, "restarts", 2) * count(asked, "steps", 200), "steps"),
  "lrp": () => gradients(1, "maps"),
  "neuron": synthesis,
  "occlusion": (asked) => ({ steps: positions(asked), unit: "positions", passes: OCCLUDED }),
  "segment": (asked) => gradients(count(asked, "views", 10), "views"),
  "similarity": pass,
  "style": (asked) => gradients(count(asked, "steps", 200), "steps"),
  "weights": pass,
};

/** Zero where window and stride do not fit: the run will say so. */
function positions(asked: Asked): number {
  const { height, width } = asked.input;
  try {
    const [window, stride] = [count(asked, "window", 32), count(asked, "stride", 16)];
    return occlusionGrid(height, width, window, stride).windows.length;
  } catch {
    return 0;
  }
}

/** @returns Undefined of a method that this table does not know. */
export function workOf(asked: Asked): Work | undefined {
  return WORK[asked.method]?.(asked);
}

/** How many forward passes a run takes beside its steps. */
const extraPasses = ({ option }: Asked): number => option("evaluate") === "true" ? CURVES : 0;

/** Whether a run takes so few passes that it need not be asked for. */
export function isCheap(asked: Asked): boolean {
  const work = workOf(asked);
  // Randomised weights are as many gradients as there are layers with weights.
  if (!work || asked.option("sanity") === "true") return false;
  if (ASKED_FOR.has(asked.method)) return false;
  return work.steps * work.passes + extraPasses(asked) <= CHEAP;
}

/**
 * How long runs take, learned from those before: the milliseconds of a forward pass first, then
 * those of a step of the method itself.
 */
export class Rates {
  readonly #stepMs = new Map<string, number>();
  /** Places with more than one pass. */
  readonly #warm = new Set<string>();

  /** @param place Where it ran, and on which network. */
  learn(place: string, asked: Asked, milliseconds: number): void {
    const work = workOf(asked);
    if (!work || work.steps === 0 || extraPasses(asked) > 0) return;
    const key = keyOf(place, asked, work);
    const stepMs = milliseconds / work.steps;
    if (asked.method === "classify" && this.#stepMs.has(key)) this.#warm.add(place);
    // The first run opens the network as well: what is faster is nearer to the truth.
    this.#stepMs.set(key, Math.min(stepMs, this.#stepMs.get(key) ?? Infinity));
  }

  /** Whether a pass was measured with the network open: the first one opens it. */
  hasPass(place: string): boolean {
    return this.#warm.has(place);
  }

  /** "169 positions, about 12 s"; without the time where no pass has been measured yet. */
  textOf(place: string, asked: Asked): string {
    const work = workOf(asked);
    if (!work || work.steps === 0) return "";
    const steps = `${work.steps} ${work.unit}`;
    const passMs = this.#stepMs.get(keyOf(place, { method: "classify" }, pass()));
    const stepMs = this.#stepMs.get(keyOf(place, asked, work)) ??
      (passMs === undefined ? undefined : passMs * work.passes);
    if (stepMs === undefined) return steps;
    return `${steps}, ${inTime(work.steps * stepMs + extraPasses(asked) * (passMs ?? 0))}`;
  }
}

/** Steps of a method are alike only if they are steps of one kind. */
const keyOf = (place: string, { method }: Pick<Asked, "method">, { unit }: Work): string =>
  `${place} ${method} ${unit}`;

/** "under 1 s", "about 12 s", "about 3 min". */
export function inTime(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return "under 1 s";
  return seconds < 90 ? `about ${Math.round(seconds)} s` : `about ${Math.round(seconds / 60)} min`;
}
