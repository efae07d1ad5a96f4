import { adamStep, rateAt } from "./adamw.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { initialParameters, layout } from "./flat_parameters.ts";
import type { TrainOptions } from "./train_options.ts";
import { inOrder, schedule, Workers } from "../../../shared/compute/mod.ts";
import { type Share, shareKernel, type ShareResult } from "./share_kernel.ts";

/** How much of the running statistics stays at each step. */
const MOMENTUM = 0.98;

/** What is known after a step. */
export interface StepReport {
  /** Steps that are done. */
  readonly step: number;
  readonly loss: number;
  /** Share of the step's scenes that were recognised. */
  readonly accuracy: number;
  readonly rate: number;
}

export interface TrainRun {
  /** Goes on from here instead of from the start. */
  readonly from?: Checkpoint;
  /** Ends after this step. @default the last */
  readonly until?: number;
  /**
   * Called after each step; training waits for it. What `state` gives shares its arrays with the run:
   * write or copy it before returning.
   */
  readonly onStep?: (report: StepReport, state: () => Checkpoint) => void | Promise<void>;
}

/**
 * Trains a network. The same options give the same weights to the bit, also in several runs that
 * go on from one another.
 *
 * @throws {TypeError} If the checkpoint is one of other options.
 * @throws {RangeError} If the loss is no longer finite.
 */
export async function train(options: TrainOptions, run: TrainRun = {}): Promise<Checkpoint> {
  const { shape, steps, batch, decay } = options;
  const { from, until = steps, onStep } = run;
  if (from) checkContinuation(from, options);
  const slots = layout(shape);
  const parameters = from?.parameters.slice() ?? initialParameters(slots, options.seed);
  const first = from?.first.slice() ?? new Float32Array(parameters.length);
  const second = from?.second.slice() ?? new Float32Array(parameters.length);
  let statistics: Float32Array | undefined = from?.statistics.slice();
  const begun = from?.step ?? 0;
  let step = begun;
  const state = (): Checkpoint => ({
    options,
    step,
    parameters,
    first,
    second,
    statistics: statistics ?? new Float32Array(),
  });
  await using pool = new Workers<null>({
    spawn: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
    count: options.workers,
    source: null,
    depth: 1,
  });
  const lanes = pool.lanes({ kernel: shareKernel, shared: options });
  let advanced = Promise.withResolvers<void>();
  const shares = async function* (): AsyncGenerator<Share> {
    while (step < until) {
      for (let share = 0; share < options.workers; share++) yield { step, share, parameters };
      await advanced.promise;
    }
  };
  const results: ShareResult[] = [];
  const found = inOrder(
    schedule<Share, ShareResult>(shares(), lanes, { batch: 1 }),
    (item) => (item.step - begun) * options.workers + item.share,
  );
  for await (const { result } of found) {
    results.push(result);
    if (results.length < options.workers) continue;
    const { gradient, loss, correct, statistics: latest } = mean(results.splice(0));
    if (!Number.isFinite(loss)) {
      throw new RangeError(`Cannot go on training: the loss of step ${step + 1} is ${loss}`);
    }
    step++;
    const rate = rateAt(step, options);
    adamStep({ parameters, first, second }, gradient, slots, { step, rate, decay });
    if (statistics) blend(statistics, latest);
    else statistics = latest;
    await onStep?.({ step, loss, accuracy: correct / batch, rate }, state);
    advanced.resolve();
    advanced = Promise.withResolvers();
  }
  return state();
}

/** When the learning rate falls only matters once it does; until then that may change. */
function checkContinuation({ options: before, step }: Checkpoint, options: TrainOptions): void {
  const { steps, cooldown } = options;
  const isPlateau = [before, options].every((given) => step <= given.steps - given.cooldown);
  const comparable = isPlateau ? { ...before, steps, cooldown } : before;
  if (JSON.stringify(comparable) !== JSON.stringify(options)) {
    throw new TypeError("Cannot go on training: the checkpoint was made with other options");
  }
}

/** Summed in the order of the shares, so that rounding is the same each time. */
function mean(results: readonly ShareResult[]): ShareResult {
  const [head, ...rest] = results;
  const { gradient, statistics } = head;
  let { loss, correct } = head;
  for (const other of rest) {
    gradient.forEach((value, i) => gradient[i] = value + other.gradient[i]);
    statistics.forEach((value, i) => statistics[i] = value + other.statistics[i]);
    loss += other.loss;
    correct += other.correct;
  }
  const share = 1 / results.length;
  gradient.forEach((value, i) => gradient[i] = value * share);
  statistics.forEach((value, i) => statistics[i] = value * share);
  return { gradient, statistics, loss: loss * share, correct: correct * share };
}

function blend(running: Float32Array, latest: Float32Array): void {
  running.forEach((value, i) => running[i] = MOMENTUM * value + (1 - MOMENTUM) * latest[i]);
}
