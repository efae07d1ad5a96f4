/** Milliseconds that a computation may keep a thread to itself. */
const TURN = 40;

/**
 * The steps of a long computation without any run of a network in it, with time between them for
 * the thread to do something else now and then, so that a signal to stop arrives.
 *
 * @throws The signal's reason, once it is aborted.
 */
export async function* paced<Step, Result>(
  steps: Generator<Step, Result, void>,
  signal?: AbortSignal,
): AsyncGenerator<Step, Result, void> {
  let since = performance.now();
  for (;;) {
    const { value, done } = steps.next();
    if (done) return value;
    if (performance.now() - since > TURN) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    signal?.throwIfAborted();
    yield value;
  }
}
