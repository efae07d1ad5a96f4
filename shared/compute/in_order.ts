import type { Mapped } from "./schedule.ts";

/**
 * Results in the order of their items, whatever order they come in: for sums, which depend on the
 * order of what is added.
 *
 * @param results Whose items are 0, 1, 2, ... or hold that number.
 */
export async function* inOrder<Item, Result>(
  results: AsyncIterable<Mapped<Item, Result>>,
  indexOf: (item: Item) => number,
): AsyncGenerator<Mapped<Item, Result>, void> {
  const early = new Map<number, Mapped<Item, Result>>();
  let next = 0;
  for await (const mapped of results) {
    early.set(indexOf(mapped.item), mapped);
    for (let found = early.get(next); found; found = early.get(next)) {
      early.delete(next++);
      yield found;
    }
  }
}
