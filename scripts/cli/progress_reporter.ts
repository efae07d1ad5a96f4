import { Presets, SingleBar } from "cli-progress";
import process from "node:process";
import type { Progress } from "../../shared/contract/method.ts";

/** Shows how far a run is, on standard error. */
export interface ProgressReporter {
  report(progress: Progress): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** A bar on a terminal; elsewhere a line for each tenth. */
export function progressReporter(title: string): ProgressReporter {
  return process.stderr.isTTY ? bar(title) : lines(title);
}

function bar(title: string): ProgressReporter {
  const view = new SingleBar({
    format: `${title} {bar} {percentage} %  {value} / {total} {unit}  {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: false,
  }, Presets.shades_classic);
  let started = false;
  return {
    report({ done, total, unit }) {
      if (!started) view.start(total, 0, { unit });
      started = true;
      view.update(done, { unit });
    },
    end() {
      if (started) view.stop();
    },
  };
}

function lines(title: string): ProgressReporter {
  let tenth = 0;
  return {
    report({ done, total, unit }) {
      const reached = Math.floor((10 * done) / total);
      if (reached === tenth) return;
      tenth = reached;
      console.error(`${title}: ${done} / ${total} ${unit}`);
    },
    end() {},
  };
}
