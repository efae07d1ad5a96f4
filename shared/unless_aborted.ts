/**
 * What `work` brings, unless `signal` aborts first. For work that should end by itself then, and may
 * not: in Deno 2.9.6 a read of the body of an aborted request sometimes stays pending for ever.
 *
 * @throws The signal's reason, once it has aborted.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
