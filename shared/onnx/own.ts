/**
 * The row of a table under a name out of a file; undefined for names that only every object has,
 * such as "constructor".
 */
export function own<T>(
  table: Readonly<Record<string, T>>,
  name: string | undefined,
): T | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
