import type { AdversarialOptions } from "../../shared/methods/adversarial/options.ts";
import type { ClassModelOptions } from "../../shared/methods/class-model/options.ts";
import type { DeepDreamOptions } from "../../shared/methods/deep-dream/options.ts";
import type { GradientOptions } from "../../shared/methods/gradient/options.ts";
import type { InversionOptions } from "../../shared/methods/inversion/options.ts";
import type { NeuronOptions } from "../../shared/methods/neuron/options.ts";
import type { StyleOptions } from "../../shared/methods/style/options.ts";
import { SYNTHESIS_RECIPES } from "../../shared/synthesis/synthesis_recipes.ts";
import { unitCount } from "../../shared/network/parse_units.ts";
import { ProblemError } from "../problem_error.ts";

/** Options of a synthesis. */
type Synthesis = Pick<ClassModelOptions | NeuronOptions, "recipe" | "steps" | "count">;

interface Cost {
  /** Passes through the network and back, at the size of its input. */
  readonly steps: number;
  /** What makes them fewer. */
  readonly remedy: string;
}

const synthesis = ({ recipe, steps, count }: Synthesis): Cost => ({
  steps: count * (steps === "auto" ? SYNTHESIS_RECIPES[recipe].steps : steps),
  remedy: "choose fewer steps or a smaller count",
});

const byOptimizer = ({ steps }: AdversarialOptions | StyleOptions): Cost => ({
  steps,
  remedy: "choose fewer steps",
});

/** What a job of each method costs; a method that is not named costs a few passes. */
const COSTS = {
  "adversarial": byOptimizer,
  "class-model": synthesis,
  "deep-dream": ({ frames, octaves, iterations, zoom, enlarge }: DeepDreamOptions): Cost => {
    // An octave is as expensive as it is large.
    const areas = Array.from({ length: octaves }, (_, i) => (enlarge / zoom ** i) ** 2);
    const perFrame = iterations * areas.reduce((sum, area) => sum + area, 0);
    return {
      steps: Math.ceil(frames * perFrame),
      remedy: "choose fewer frames, octaves or iterations, or a smaller enlargement",
    };
  },
  "gradient": ({ samples }: GradientOptions): Cost => ({
    steps: samples,
    remedy: "choose fewer samples",
  }),
  "inversion": ({ restarts, steps }: InversionOptions): Cost => ({
    steps: restarts * steps,
    remedy: "choose fewer restarts or steps",
  }),
  "neuron": (options: NeuronOptions): Cost => {
    const { steps, remedy } = synthesis(options);
    const units = unitCount(options.unit);
    return units === 1
      ? { steps, remedy }
      : { steps: units * steps, remedy: "choose fewer units or steps" };
  },
  "style": byOptimizer,
};

/**
 * Refuses a job that takes too many steps, before it restarts.
 *
 * @param options Validated, of the method `method`.
 * @param limit Steps that a job may take.
 * @throws {ProblemError} 413 that says how many it would take, and what makes them fewer.
 */
export function checkSteps(method: string, options: unknown, limit: number): void {
  if (!Object.hasOwn(COSTS, method)) return;
  const costOf = COSTS[method as keyof typeof COSTS] as (options: unknown) => Cost;
  const { steps, remedy } = costOf(options);
  if (steps <= limit) return;
  throw new ProblemError(
    "too-large",
    `Cannot run ${method}: it takes ${steps} steps at the size of the network's input, ` +
      `expected at most ${limit}; ${remedy}`,
  );
}
