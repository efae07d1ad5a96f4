/** Levenshtein's distance: edits that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The `count` names most like `wanted`: those that contain it, then by edits; case is ignored. */
export function nearNames(wanted: string, names: Iterable<string>, count = 5): string[] {
  const query = wanted.toLowerCase();
  return [...new Set(names)]
    .map((name) => {
      const known = name.toLowerCase();
      return { name, cost: known.includes(query) ? 0 : distance(query, known) };
    })
    .sort((a, b) => a.cost - b.cost)
    .slice(0, count)
    .map(({ name }) => name);
}
