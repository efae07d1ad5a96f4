const OUTLETS = { info: console.info, warn: console.warn, error: console.error } as const;

/** Writes one line of JSON. Errors are written with their stack and their causes. */
export function log(
  level: keyof typeof OUTLETS,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const time = new Date().toISOString();
  OUTLETS[level](JSON.stringify({ time, level, message, ...fields }, readable));
}

function readable(_key: string, value: unknown): unknown {
  return value instanceof Error ? { stack: value.stack, cause: value.cause } : value;
}
