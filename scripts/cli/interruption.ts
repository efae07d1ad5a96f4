/** Ctrl-C or a request to end: exit code 130. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}

/**
 * Calls `job` with a signal that Ctrl-C aborts. A second Ctrl-C ends the process at once.
 *
 * @throws {Interruption} If it was interrupted.
 */
export async function interruptible<T>(job: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort(new Interruption("Interrupted"));
  };
  Deno.addSignalListener("SIGINT", onSignal);
  Deno.addSignalListener("SIGTERM", onSignal);
  try {
    return await job(controller.signal);
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
    Deno.removeSignalListener("SIGTERM", onSignal);
  }
}
