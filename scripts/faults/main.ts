/**
 * `deno task faults`: breaks things at random moments, many times. Whatever is shown has to be what
 * is computed alone, nothing may be lost, and the next start takes away what is left behind.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { modelCatalogue } from "../../functions/catalogue.ts";
import { createServices } from "../../functions/services.ts";
import { exitCode, UsageError } from "../cli/exit_code.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { RandomStream } from "../random_stream.ts";
import { answerOf } from "../soak/answer_of.ts";
import { build, galleryDigests } from "./build.ts";
import { probe } from "./probe.ts";
import { hold, type Reference, type Scenario } from "./scenario.ts";
import { builds } from "./scenarios/builds.ts";
import { caches } from "./scenarios/caches.ts";
import { rebuilds } from "./scenarios/rebuilds.ts";
import { redis } from "./scenarios/redis.ts";
import { servers } from "./scenarios/servers.ts";

const SCENARIOS: readonly Scenario[] = [...servers, ...builds, ...rebuilds, ...caches, ...redis];
const NAMES = SCENARIOS.map(({ name }) => name);

const faultsOptions = z.object({
  rounds: z.int().min(1).default(200)
    .describe("How often something is broken; each way in its turn."),
  scenarios: z.string().min(1).default("all")
    .describe("Ways in which things are broken, separated by commas, or all."),
  seed: z.int().min(0).default(1)
    .describe("Chooses the moments and the ways."),
});

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [options] = parseCommandLine(args, faultsOptions);
  const scenarios = await possible(chosen(options.scenarios));
  // What the servers in this process say of their neighbours is what was done to them.
  for (const level of ["info", "warn"] as const) console[level] = () => {};
  const root = await Deno.makeTempDir({ prefix: "faults-" });
  const failures: string[] = [];
  try {
    const reference = await computedAlone(join(root, "alone"));
    for (let round = 0; round < options.rounds && !signal.aborted; round++) {
      const scenario = scenarios[round % scenarios.length];
      const folder = join(root, `${round}`);
      await Deno.mkdir(folder);
      const draw = new RandomStream(options.seed * 10_007 + round);
      const fault = await scenario.run({ draw, folder, reference })
        .then(() => undefined, (error: Error) => error.message);
      console.log(`${round + 1}/${options.rounds} ${scenario.name}: ${fault ?? "as it has to be"}`);
      if (fault !== undefined) failures.push(`round ${round}, ${scenario.name}: ${fault}`);
      await Deno.remove(folder, { recursive: true });
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
  if (failures.length > 0) throw new Error(`Cannot call it sound:\n${failures.join("\n")}`);
}

function chosen(names: string): readonly Scenario[] {
  if (names === "all") return SCENARIOS;
  return names.split(",").map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name);
    if (found) return found;
    throw new UsageError(`Cannot try "${name}": expected ${NAMES.join(", ")} or all`);
  });
}

/** Those that can be tried on this machine; the others are told. */
async function possible(scenarios: readonly Scenario[]): Promise<readonly Scenario[]> {
  const kept: Scenario[] = [];
  for (const scenario of scenarios) {
    const missing = await scenario.missing?.();
    if (missing === undefined) kept.push(scenario);
    else console.log(`${scenario.name} is left out: ${missing}`);
  }
  if (kept.length > 0) return kept;
  throw new Error("Cannot try any of it on this machine");
}

async function computedAlone(gallery: string): Promise<Reference> {
  await Deno.mkdir(gallery);
  const { code, said } = await build(gallery);
  hold(code === 0, `Cannot build figures: ${said}`);
  const config = readConfig((name) => name === "BACKEND" ? "wasm" : undefined);
  const app = createApp(createServices(config, modelCatalogue));
  const { status, digest, text } = await answerOf(await app.fetch(probe("http://localhost")));
  hold(status === 200, `Cannot make a map: ${text}`);
  return { gallery: await galleryDigests(gallery), answer: digest };
}

function help(): string {
  return [
    "Usage: deno task faults [options]",
    SCENARIOS.map(({ name, summary }) => `  ${name}: ${summary}`).join("\n"),
    optionHelp("Options", faultsOptions),
  ].join("\n\n");
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) console.log(help());
  else Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task faults --help"));
}
