/** At most `count` items, evenly from all. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  const step = items.length / Math.min(count, items.length);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, i) => items[Math.floor(i * step)],
  );
}
