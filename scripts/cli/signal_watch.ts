/**
 * A worker that hears signals while its process is busy. It posts a message once it listens, and at
 * the first signal; then it stops listening, so that the next one does what signals do by default: it
 * ends the process.
 *
 * @module
 */
import { supportedSignals } from "../../functions/shutdown/signals.ts";

/** Milliseconds in which a signal is the same one again: `deno task` passes on what its group got. */
const SAME = 1000;

const SIGNALS = supportedSignals(["SIGINT", "SIGTERM"]);

const scope = self as unknown as { postMessage(message: "listening" | "interrupted"): void };

function onSignal(): void {
  scope.postMessage("interrupted");
  setTimeout(() => {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
  }, SAME);
}

for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
scope.postMessage("listening");
