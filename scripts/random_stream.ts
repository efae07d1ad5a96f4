import { normalAt, uniformAt } from "../shared/tensor/random.ts";

/** Random numbers one after the other, the same for the same seed. */
export class RandomStream {
  #index = 0;

  constructor(readonly seed: number) {}

  /** From [0, 1). */
  next(): number {
    return uniformAt(this.seed, this.#index++);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** An integer from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  /** Standard normal. */
  normal(): number {
    return normalAt(this.seed ^ 0x6e6f726d, this.#index++);
  }
}
