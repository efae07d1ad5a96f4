/**
 * `deno task train [glyphnet | glyphnet-b] [--smoke] [--until <step>]`: trains one of the project's
 * own networks on scenes that it renders. Goes on where a run that was stopped left off.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { refuseIdleOptions } from "../../cli/refuse_idle_options.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { ProgressLines } from "./progress_lines.ts";
import { train } from "./train.ts";
import { NETWORKS, SMOKE } from "./train_options.ts";

const CACHE = fileURLToPath(new URL("../../../.cache/train", import.meta.url));

/** Steps between two checkpoints. */
const SAVE_EVERY = 250;

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { smoke: { type: "boolean" }, until: { type: "string" } },
  });
  refuseIdleOptions(args, [{ option: "until", beside: "smoke" }]);
  if (values.smoke) return await smoke();
  const [name = "glyphnet"] = positionals;
  const options = NETWORKS[name];
  if (options === undefined) {
    const known = Object.keys(NETWORKS).join(", ");
    throw new RangeError(`Cannot train "${name}": known are ${known}`);
  }
  const until = values.until === undefined ? options.steps : Number(values.until);
  if (!Number.isInteger(until) || until < 1 || until > options.steps) {
    throw new RangeError(
      `Cannot train until step ${values.until}: expected a step from 1 to ${options.steps}`,
    );
  }
  await Deno.mkdir(CACHE, { recursive: true });
  const path = `${CACHE}/${name}.checkpoint`;
  const from = await readCheckpoint(path);
  if (from) console.log(`going on after step ${from.step} of ${path}`);
  const progress = new ProgressLines(options, from?.step ?? 0);
  const last = await train(options, {
    from,
    until,
    onStep: async (report, state) => {
      progress.add(report);
      if (report.step % SAVE_EVERY === 0) await writeCheckpoint(path, state());
    },
  });
  await writeCheckpoint(path, last);
  console.log(
    `${path} holds step ${last.step}; "deno task train:publish ${name}" writes the network`,
  );
}

/** Ten classes for less than a minute: fails unless the loss falls clearly. */
async function smoke(): Promise<void> {
  const losses: number[] = [];
  const progress = new ProgressLines(SMOKE, 0, 20);
  await train(SMOKE, {
    onStep: (report) => {
      progress.add(report);
      losses.push(report.loss);
    },
  });
  const mean = (part: number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  const [before, after] = [mean(losses.slice(0, 10)), mean(losses.slice(-10))];
  console.log(`loss ${before.toFixed(3)} -> ${after.toFixed(3)}`);
  if (!(after < 0.9 * before)) {
    console.error("The loss has not fallen enough");
    Deno.exitCode = 1;
  }
}

await main(Deno.args);
