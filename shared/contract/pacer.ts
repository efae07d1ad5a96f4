/** Milliseconds that a computation may keep a thread to itself. */
const TURN = 40;

/**
 * For long computations without any run of a network in them: awaited at each step, it lets the
 * thread do something else now and then, so that a signal to stop arrives.
 *
 * @throws The signal's reason, once it is aborted.
 */
export function pacer(signal?: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    signal?.throwIfAborted();
  };
}
