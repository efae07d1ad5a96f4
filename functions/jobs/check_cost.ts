import type { AdversarialOptions } from "../../shared/methods/adversarial/options.ts";
import type { ClassModelOptions } from "../../shared/methods/class-model/options.ts";
import type { DeepDreamOptions } from "../../shared/methods/deep-dream/options.ts";
import type { GradientOptions } from "../../shared/methods/gradient/options.ts";
import type { InversionOptions } from "../../shared/methods/inversion/options.ts";
import type { NeuronOptions } from "../../shared/methods/neuron/options.ts";
import type { StyleOptions } from "../../shared/methods/style/options.ts";
import { stepsOf } from "../../shared/synthesis/synthesis_options.ts";
import { unitCount } from "../../shared/network/units.ts";
import { ProblemError } from "../problems.ts";
import type { MethodInputs } from "../../shared/contract/method.ts";
import { areaOf, memoryOf } from "../../shared/methods/job_memory.ts";
import type { Network } from "../../shared/network/network.ts";

/** Options of a synthesis. */
type Synthesis = Pick<ClassModelOptions | NeuronOptions, "recipe" | "steps" | "count">;

interface Cost<Options> {
  /** What is counted, for a person: the steps as a product of options. */
  readonly says: string;
  /** Passes through the network and back, at the size of its input. */
  readonly steps: (options: Options) => number;
  /** What makes them fewer. */
  readonly remedy: (options: Options) => string;
}

const stepsOfAll = (options: Synthesis) => options.count * stepsOf(options);

const byOptimizer: Cost<AdversarialOptions | StyleOptions> = {
  says: "steps",
  steps: ({ steps }) => steps,
  remedy: () => "choose fewer steps",
};

/** What a job of each method costs; a method that is not named costs a few passes. */
const COSTS = {
  "adversarial": byOptimizer,
  "class-model": {
    says: "count x steps",
    steps: stepsOfAll,
    remedy: () => "choose fewer steps or a smaller count",
  } satisfies Cost<Synthesis>,
  "deep-dream": {
    says: "frames x iterations x the areas of the octaves, by the input's",
    steps: ({ frames, octaves, iterations, zoom, enlarge }) => {
      // An octave is as expensive as it is large.
      const areas = Array.from({ length: octaves }, (_, i) => (enlarge / zoom ** i) ** 2);
      const perFrame = iterations * areas.reduce((sum, area) => sum + area, 0);
      return Math.ceil(frames * perFrame);
    },
    remedy: () => "choose fewer frames, octaves or iterations, or a smaller enlargement",
  } satisfies Cost<DeepDreamOptions>,
  "gradient": {
    says: "samples",
    steps: ({ samples }) => samples,
    remedy: () => "choose fewer samples",
  } satisfies Cost<GradientOptions>,
  "inversion": {
    says: "restarts x steps",
    steps: ({ restarts, steps }) => restarts * steps,
    remedy: () => "choose fewer restarts or steps",
  } satisfies Cost<InversionOptions>,
  "neuron": {
    says: "units x count x steps",
    steps: (options) => unitCount(options.unit) * stepsOfAll(options),
    remedy: ({ unit }) =>
      unitCount(unit) === 1
        ? "choose fewer steps or a smaller count"
        : "choose fewer units or steps",
  } satisfies Cost<NeuronOptions>,
  "style": byOptimizer,
};

const find = (method: string) =>
  Object.hasOwn(COSTS, method) ? COSTS[method as keyof typeof COSTS] as Cost<unknown> : undefined;

/** What a job of the method costs, for a person: in steps, passes through the network and back. */
export const costOf = (method: string): string => find(method)?.says ?? "a few passes";

/**
 * Refuses a job that takes too many steps, before it restarts.
 *
 * @param options Validated, of the method `method`.
 * @param limit Steps that a job may take.
 * @throws {ProblemError} 413 that says how many it would take, and what makes them fewer.
 */
export function checkSteps(method: string, options: unknown, limit: number): void {
  const cost = find(method);
  if (!cost) return;
  const steps = cost.steps(options);
  if (steps <= limit) return;
  throw new ProblemError(
    "too-large",
    `Cannot run ${method}: it takes ${steps} steps at the size of the network's input, ` +
      `expected at most ${limit}; ${cost.remedy(options)}`,
  );
}

/** What a job would run. */
export interface PlannedJob {
  readonly network: Network;
  readonly method: string;
  /** Validated. */
  readonly options: unknown;
  /** @default none */
  readonly inputs?: MethodInputs;
}

/**
 * Refuses a job that takes too much memory, before it starts.
 *
 * @param limit In MiB.
 * @throws {ProblemError} 413 that says how much it would take, and what would fit.
 */
export function checkMemory(job: PlannedJob, limit: number): void {
  const { network, method, options, inputs } = job;
  const memory = memoryOf(network, method, options, inputs);
  if (memory <= limit) return;
  const remedy = areaOf(network, method, options, inputs) === 1
    ? "choose a smaller network"
    : "choose a smaller network or image, or a smaller side";
  throw new ProblemError(
    "too-large",
    `Cannot run ${method} on ${network.id}: it would take about ${Math.ceil(memory)} MiB of ` +
      `memory, expected at most ${limit}; ${remedy}`,
  );
}
