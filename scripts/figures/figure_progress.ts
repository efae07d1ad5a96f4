import type { JobOutcome } from "./run_jobs.ts";

/** Seconds between two lines. */
const EVERY = 5;

/** Prints how many figures are made, and how long the rest will take. */
export class FigureProgress {
  readonly #started = performance.now();
  #printed = -Infinity;
  #done = 0;

  constructor(readonly total: number) {}

  add({ job, failure, seconds }: JobOutcome): void {
    this.#done++;
    const now = performance.now();
    const isLast = this.#done === this.total;
    if (!isLast && failure === undefined && now - this.#printed < EVERY * 1000) return;
    this.#printed = now;
    const left = (now - this.#started) / this.#done * (this.total - this.#done) / 60_000;
    console.log(
      `${this.#done} / ${this.total}  ${left.toFixed(1)} min left  ${job.set} of ` +
        `${job.recipe.model.id}: ` +
        (failure === undefined ? `${seconds} s` : `${job.id} failed: ${failure}`),
    );
  }
}
