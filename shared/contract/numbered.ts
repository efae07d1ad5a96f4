/** Things of one kind by name: "name" is the first, "name-2" the second. */
export function numbered<T>(name: string, values: readonly T[]): Record<string, T> {
  return Object.fromEntries(
    values.map((value, i) => [i === 0 ? name : `${name}-${i + 1}`, value]),
  );
}
