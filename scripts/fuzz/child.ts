/**
 * A process that runs the inputs of one job in a worker, and watches what they take:
 * `child.ts '<job as JSON>'`. Prints {@link FuzzEvent}s, and ends with the first input that hangs
 * or takes too much.
 *
 * @module
 */
import type { FuzzEvent, FuzzJob } from "./job.ts";
import { LIMITS } from "./job.ts";
import type { WorkerOrder, WorkerReport } from "./worker.ts";

/** Milliseconds between two looks. */
const LOOK_EVERY = 25;

/** Looks between two lines that say how far it is. */
const SAY_EVERY = 20;

const encoder = new TextEncoder();
const say = (event: FuzzEvent) =>
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(event)}\n`));

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function watch(job: FuzzJob): void {
  const position = new Int32Array(new SharedArrayBuffer(8)).fill(-1);
  position[1] = 0;
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const { target, seed } = job;
  let said = 0;
  let [index, since, cpuSince, looks] = [-1, performance.now(), cpuSeconds(), 0];

  const at = () => {
    const accepted = Atomics.load(position, 1);
    say({ type: "at", index: Atomics.load(position, 0), accepted: accepted - said });
    said = accepted;
  };
  const end = (kind: "hang" | "memory" | "crash", message: string) => {
    at();
    say({ type: "finding", target, seed, index: Math.max(index, job.from), kind, message });
    Deno.exit(0);
  };
  worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
    if (data !== "done") return say({ type: "finding", ...data });
    at();
    Deno.exit(0);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    index = Atomics.load(position, 0);
    end("crash", event.message);
  };
  worker.postMessage({ job, position } satisfies WorkerOrder);

  setInterval(() => {
    const now = Atomics.load(position, 0);
    if (now !== index) [index, since, cpuSince] = [now, performance.now(), cpuSeconds()];
    if (++looks % SAY_EVERY === 0) at();
    // Before the first, modules and the seeds are loaded.
    if (index < 0) return;
    const { rss } = Deno.memoryUsage();
    if (rss > LIMITS.bytes) {
      end("memory", `the process has ${Math.round(rss / 2 ** 20)} MiB`);
    }
    const [cpu, wall] = [cpuSeconds() - cpuSince, (performance.now() - since) / 1000];
    if (cpu > LIMITS.cpuSeconds || wall > LIMITS.wallSeconds) {
      end(
        "hang",
        `no end after ${cpu.toFixed(1)} s of processor time, ${wall.toFixed(1)} s in all`,
      );
    }
  }, LOOK_EVERY);
}

if (import.meta.main) watch(JSON.parse(Deno.args[0]));
