/** Milliseconds in which a signal is the same one again: `deno task` passes on what its group got. */
const SAME = 1000;

/** Of a terminal that interrupts, a manager that stops, and a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Has a server stop when this process is told to, and end at once when it is told again.
 *
 * @param onStop Called the first time.
 * @returns Whether it was told to stop, once and not again.
 */
export function passSignals(server: Deno.ChildProcess, onStop: () => void): () => boolean {
  let [times, last] = [0, -Infinity];
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      const isSame = performance.now() - last < SAME;
      last = performance.now();
      if (isSame) return;
      if (++times === 1) onStop();
      try {
        server.kill("SIGTERM");
      } catch {
        // It has ended.
      }
    });
  }
  return () => times === 1;
}
