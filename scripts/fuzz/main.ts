/**
 * `deno task fuzz`: gives what reads files and requests of strangers inputs made from good ones by
 * random changes. Each has to be taken, or refused by an error that says why, within the limits of
 * time and memory.
 *
 * @module
 */
import { exitCode, UsageError } from "../cli/exit_code.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { optionHelp } from "../cli/help.ts";
import { type CampaignResult, runCampaign } from "./campaign.ts";
import { fuzzOptions } from "./fuzz_options.ts";
import { type FuzzEvent, LIMITS } from "./job.ts";
import { runChild } from "./run_child.ts";
import { saveFinding } from "./save_finding.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets/mod.ts";

const NAMES = TARGETS.map(({ name }) => name);

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [options] = parseCommandLine(args, fuzzOptions);
  const targets = chosen(options.target);
  if (options.replay !== undefined) return await replay(targets, options.replay, signal);
  const results: CampaignResult[] = [];
  for (const target of targets) {
    if (signal.aborted) break;
    const result = await runCampaign(target, {
      ...options,
      milliseconds: 1000 * options.seconds,
      signal,
    });
    results.push(result);
    console.log(row(result));
    for (const finding of result.findings) {
      const path = await saveFinding(target, finding, options);
      console.log(`  ${finding.kind} in ${path}\n  ${finding.message}`);
    }
  }
  const count = results.reduce((sum, { findings }) => sum + findings.length, 0);
  if (count > 0) throw new Error(`Cannot call it safe: ${count} findings`);
}

function chosen(names: string): readonly Target[] {
  if (names === "all") return TARGETS;
  return names.split(",").map((name) => {
    const target = TARGETS.find((target) => target.name === name);
    if (target) return target;
    throw new UsageError(`Cannot fuzz "${name}": expected ${NAMES.join(", ")} or all`);
  });
}

function row({ target, inputs, accepted, seconds, findings }: CampaignResult): string {
  const rate = Math.round(inputs / seconds);
  return `${target}: ${inputs} inputs, ${accepted} taken, the others refused by name; ` +
    `${findings.length} findings; ${seconds.toFixed(0)} s, ${rate} inputs/s`;
}

/** Gives one file to targets. */
async function replay(targets: readonly Target[], path: string, signal: AbortSignal) {
  let faults = 0;
  for (const target of targets) {
    const job = { target: target.name, seed: 0, from: 0, to: 1, replay: path };
    const { isWhole, words } = await runChild(job, (event: FuzzEvent) => {
      if (event.type === "at") return;
      faults++;
      console.log(`${target.name}: ${event.kind}: ${event.message}`);
    }, signal);
    if (isWhole) continue;
    faults++;
    console.log(`${target.name}: crash: ${words}`);
  }
  if (faults > 0) throw new Error(`Cannot call ${path} safe`);
  console.log("taken, or refused by name");
}

function help(): string {
  const { cpuSeconds, bytes } = LIMITS;
  return [
    "Usage: deno task fuzz [options]",
    `An input may take ${cpuSeconds} s of processor time and ${bytes / 2 ** 20} MiB.`,
    TARGETS.map(({ name, summary }) => `  ${name}: ${summary}`).join("\n"),
    optionHelp("Options", fuzzOptions),
  ].join("\n\n");
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) console.log(help());
  else Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task fuzz --help"));
}
