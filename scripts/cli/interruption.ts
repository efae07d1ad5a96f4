/** Ctrl-C or a request to end: exit code 130. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}

/**
 * Calls `job` with a signal that Ctrl-C or SIGTERM aborts. A second one ends the process at once,
 * even if the job hangs in a loop: a worker of its own listens (`signal_watch.ts`).
 *
 * @throws {Interruption} If it was interrupted.
 */
export async function interruptible<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const watch = new Worker(new URL("./signal_watch.ts", import.meta.url), { type: "module" });
  try {
    await new Promise((listens) => watch.onmessage = listens);
    watch.onmessage = () => controller.abort(new Interruption("Interrupted"));
    return await job(controller.signal);
  } finally {
    watch.terminate();
  }
}
