import type { Finding, FuzzJob } from "./job.ts";
import { runChild } from "./run_child.ts";
import type { Target } from "./target.ts";

export interface CampaignOptions {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  /** Inputs at most. */
  readonly inputs: number;
  /** Time at most, in milliseconds. */
  readonly milliseconds: number;
  readonly corpus?: string;
  readonly signal: AbortSignal;
}

/** What came of a target. */
export interface CampaignResult {
  readonly target: string;
  readonly inputs: number;
  /** Inputs that were taken; all others were refused by name, or are findings. */
  readonly accepted: number;
  readonly seconds: number;
  /** One for each place in the code; what hung or took too much did so again by itself. */
  readonly findings: readonly Finding[];
}

/** Gives a target its inputs, in processes that are replaced when an input ends one. */
export async function runCampaign(
  target: Target,
  options: CampaignOptions,
): Promise<CampaignResult> {
  const { seed, from, inputs, milliseconds, corpus } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(milliseconds)]);
  const began = performance.now();
  const found = new Map<string, Finding>();
  const keep = (finding: Finding) => {
    const place = placeOf(finding);
    if (!found.has(place)) found.set(place, finding);
  };
  let [next, accepted] = [from, 0];
  const last = from + inputs;
  while (next < last && !signal.aborted) {
    const job = {
      target: target.name,
      seed,
      corpus,
      from: next,
      to: Math.min(last, next + target.batch),
    };
    const suspects: Finding[] = [];
    const end = await runChild(job, (event) => {
      if (event.type === "at") accepted += event.accepted;
      else if (event.kind === "error") keep(event);
      else suspects.push(event);
    }, signal);
    if (!end.isWhole && !signal.aborted) {
      const { index, words } = end;
      suspects.push({ target: target.name, seed, index, kind: "crash", message: words });
    }
    for (const suspect of suspects) {
      const sure = await confirmed(job, suspect, signal);
      if (sure) keep(sure);
    }
    if (signal.aborted) next = end.index;
    else next = suspects.length > 0 ? Math.max(next, suspects[0].index + 1) : job.to;
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    target: target.name,
    inputs: next - from,
    accepted,
    seconds,
    findings: [...found.values()],
  };
}

/** Inputs that a process may have been past when it crashed, since it said where it was. */
const BLIND = 2000;

/**
 * What an input does alone in a process: garbage of those before it may have been what took too
 * much. Of a crash the input is looked for first.
 */
async function confirmed(
  job: FuzzJob,
  suspect: Finding,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  let { index } = suspect;
  if (suspect.kind === "crash") {
    const to = Math.min(job.to, index + BLIND);
    const { words } = await runChild({ ...job, from: index, to, isTold: true }, () => {}, signal);
    index = Number(/.*#(\d+)\n/s.exec(words)?.[1] ?? index);
  }
  let sure: Finding | undefined;
  const end = await runChild({ ...job, from: index, to: index + 1 }, (event) => {
    if (event.type === "finding") sure = event;
  }, signal);
  if (!end.isWhole) sure = { ...suspect, index, message: end.words };
  return signal.aborted ? undefined : sure;
}

/** Findings that differ in names and numbers only are one. */
function placeOf({ kind, message, index }: Finding): string {
  const [first, ...at] = message.split("\n");
  if (kind !== "error" || at.length === 0) return `${kind} ${index}`;
  return `${first.replace(/"[^"]*"|[\d.]+/g, "_").slice(0, 60)} ${at.slice(0, 2).join()}`;
}
