/** Elements that folding may make for one graph; shape computations make some thousands. */
const MAX_WORK = 2_000_000;

/** How much folding a graph may still cost; what is not folded is left to the runtime. */
export class FoldBudget {
  #left = MAX_WORK;

  /** Whether `work` (elements made, times what each takes) can still be afforded; if so it is spent. */
  spend(work: number): boolean {
    // Not a comparison with what is left alone: work can be NaN, for shapes out of range.
    if (!(work <= this.#left)) return false;
    this.#left -= work;
    return true;
  }
}
