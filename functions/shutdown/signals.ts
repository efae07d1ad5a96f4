import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../log.ts";
import type { Drain } from "./drain.ts";
import { Isolates } from "./isolates.ts";

/** Of all signals, Windows lets a process listen to these. */
const ON_WINDOWS: readonly Deno.Signal[] = ["SIGINT", "SIGBREAK"];

/** Those of the signals that a process of this system can listen to; `Deno` throws for others. */
export function supportedSignals<Name extends Deno.Signal>(
  signals: readonly Name[],
  os: typeof Deno.build.os = Deno.build.os,
): Name[] {
  return signals.filter((signal) => os !== "windows" || ON_WINDOWS.includes(signal));
}

/** Signals that end a server, and the status it ends with when one comes a second time. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Seconds in which jobs that were broken off can say so. */
const LAST_WORDS = 2;

/** Milliseconds from an answer that counts as sent until its last bytes are with the system. */
const FLUSH_MS = 100;

/**
 * Ends the process with status 0 after a signal: as soon as no isolate has a request under way, or
 * when jobs were broken off after `seconds`. A second signal ends it at once.
 *
 * The port is not closed here: `deno serve` does it, and goes on with the requests that it has.
 */
export function stopOnSignals(drain: Drain, seconds: number): void {
  const isolates = new Isolates();
  for (const signal of supportedSignals(["SIGINT", "SIGTERM"])) {
    Deno.addSignalListener(signal, () => {
      if (drain.stopping.aborted) Deno.exit(SIGNALS[signal]);
      stop(signal);
    });
  }

  async function stop(signal: string): Promise<void> {
    log("info", "stopping", { signal, running: drain.running, seconds });
    drain.begin();
    const expiry = setTimeout(() => {
      log("warn", "jobs are broken off", { running: drain.running });
      drain.expire();
    }, seconds * 1000);
    // A job that does not even hear that it is broken off ends with the process.
    const ended = drain.idle.then(() => {
      clearTimeout(expiry);
      isolates.sayIdle();
      return isolates.allIdle;
    });
    await Promise.race([ended, sleep((seconds + LAST_WORDS) * 1000)]);
    await sleep(FLUSH_MS);
    Deno.exit(0);
  }
}

/**
 * Ends the process once its standard input ends: for a server whose starter holds the other end, and
 * may be killed without a chance to say so. What arrives is ignored.
 */
export async function endWithStdin(): Promise<void> {
  await Deno.stdin.readable.pipeTo(new WritableStream()).catch(() => {});
  Deno.exit(1);
}
