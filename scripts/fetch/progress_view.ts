import cliProgress from "cli-progress";
import { formatMegabytes } from "../../models/manifests.ts";

/** Shows how far a file is. */
export interface ProgressView {
  update(done: number, total: number | undefined): void;
  /** A line that stays. */
  note(line: string): void;
  stop(): void;
}

/** A line each time this much more is there, where there is no terminal. */
const STEP = 0.1;

/** A bar on a terminal, plain lines elsewhere; both on standard error. */
export function progressView(label: string): ProgressView {
  return Deno.stderr.isTerminal() ? barView(label) : lineView(label);
}

function barView(label: string): ProgressView {
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage} % | {done} of {size} | {duration_formatted}`,
    hideCursor: true,
  }, cliProgress.Presets.shades_classic);
  let started = false;
  return {
    update(done, total) {
      const known = total ?? done;
      const texts = {
        done: formatMegabytes(done),
        size: total === undefined ? "?" : formatMegabytes(total),
      };
      if (!started) bar.start(known, done, texts);
      started = true;
      bar.setTotal(known);
      bar.update(done, texts);
    },
    note(line) {
      // Ends the bar's line; the next update begins a new bar.
      if (started) bar.stop();
      started = false;
      console.error(line);
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

function lineView(label: string): ProgressView {
  let next = STEP;
  return {
    update(done, total) {
      if (total === undefined || done < next * total) return;
      next = Math.floor(done / total / STEP) * STEP + STEP;
      const percent = Math.floor(100 * done / total);
      console.error(`${label}: ${percent} % of ${formatMegabytes(total)}`);
    },
    note: (line) => console.error(line),
    stop() {},
  };
}
