import { supportedSignals } from "../../functions/shutdown/signals.ts";

/** Milliseconds in which a signal is the same one again: `deno task` passes on what its group got. */
const SAME = 1000;

/** Of a terminal that interrupts, a manager that stops, and a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Has a server stop when this process is told to, and kills it when it is told again or has not
 * stopped in time: a job may hang in a loop that lets nobody hear of a signal.
 *
 * @param seconds Time that the server has to stop.
 * @param onStop Called the first time.
 * @returns Whether it was told to stop, once and not again.
 */
export function passSignals(
  server: Deno.ChildProcess,
  seconds: number,
  onStop: () => void,
): () => boolean {
  let [times, last] = [0, -Infinity];
  const send = (signal: Deno.Signal) => {
    try {
      server.kill(signal);
    } catch {
      // It has ended.
    }
  };
  for (const signal of supportedSignals(SIGNALS)) {
    Deno.addSignalListener(signal, () => {
      const isSame = performance.now() - last < SAME;
      last = performance.now();
      if (isSame) return;
      if (++times > 1) return send("SIGKILL");
      onStop();
      send("SIGTERM");
      Deno.unrefTimer(setTimeout(() => send("SIGKILL"), seconds * 1000));
    });
  }
  return () => times === 1;
}
