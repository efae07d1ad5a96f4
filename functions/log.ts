/** Writes one line of JSON. Errors are written with their stack and their causes. */
export function log(
  level: "info" | "warn" | "error",
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const time = new Date().toISOString();
  console[level](JSON.stringify({ time, level, message, ...fields }, readable));
}

function readable(_key: string, value: unknown): unknown {
  return value instanceof Error ? { stack: value.stack, cause: value.cause } : value;
}
