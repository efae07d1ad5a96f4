/** Steps that are easy to read, in powers of ten. */
const STEPS = [1, 2, 2.5, 5, 10];
const MOST = 6;

/** Round numbers from 0 to the first that is not below `largest`; at most seven. */
export function chartTicks(largest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(largest / MOST || 1));
  const step = power * STEPS.find((step) => step * power * MOST >= largest)!;
  const count = Math.max(1, Math.ceil(largest / step));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}
