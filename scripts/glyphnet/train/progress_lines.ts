import type { StepReport } from "./train.ts";
import type { TrainOptions } from "./train_options.ts";

/** Prints a line every few steps: loss, accuracy, scenes a second and the time that is left. */
export class ProgressLines {
  #loss = 0;
  #accuracy = 0;
  #count = 0;
  #since = performance.now();
  readonly #start: number;
  readonly #from: number;

  constructor(
    readonly options: Pick<TrainOptions, "steps" | "batch" | "workers">,
    from: number,
    readonly every = 50,
  ) {
    this.#from = from;
    this.#start = performance.now();
  }

  add({ step, loss, accuracy, rate }: StepReport): void {
    const { steps, batch, workers } = this.options;
    this.#loss += loss;
    this.#accuracy += accuracy;
    this.#count++;
    if (step % this.every !== 0 && step !== steps) return;
    const now = performance.now();
    const perSecond = this.#count * batch * workers * 1000 / (now - this.#since);
    const left = (now - this.#start) / (step - this.#from) * (steps - step) / 60_000;
    console.log(
      [
        `step ${step}/${steps}`,
        `loss ${(this.#loss / this.#count).toFixed(3)}`,
        `top-1 ${(100 * this.#accuracy / this.#count).toFixed(1)} %`,
        `rate ${rate.toExponential(1)}`,
        `${perSecond.toFixed(0)} scenes/s`,
        `${left.toFixed(1)} min left`,
      ].join("  "),
    );
    this.#loss = this.#accuracy = this.#count = 0;
    this.#since = now;
  }
}
