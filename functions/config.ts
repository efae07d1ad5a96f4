import { fileURLToPath } from "node:url";
import { z } from "zod";
import { REQUESTED_BACKENDS } from "../shared/runtime/backend.ts";

const COUNT = "expected a whole number of 1 or more";
const NATURAL = "expected a whole number of 0 or more";
const whole = (fallback: number) =>
  z.coerce.number(NATURAL).int(NATURAL).min(0, NATURAL).default(fallback);
const count = (fallback: number) =>
  z.coerce.number(COUNT).int(COUNT).min(1, COUNT).default(fallback);

const urls = z.string().transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(
    z.array(z.url({ protocol: /^https?$/, error: "expected http(s) URLs with commas between" })),
  )
  .transform((list) => list.map((url) => url.replace(/\/+$/, "")));

/** The environment variables the functions read; each with its default, and what it is for. */
const schema = z.object({
  FANOUT_SECRET: z.string().min(16).optional()
    .describe("Signs requests between isolates. Without it there are none."),
  FANOUT_URL: urls.optional()
    .describe(
      "Where other isolates take parts of a job: origins with commas between. Set with " +
        "FANOUT_SECRET; without both, each job is computed by one isolate.",
    ),
  FANOUT_LANES: count(1).describe("Requests at once to each origin of FANOUT_URL, per job."),
  INVOCATION_SECONDS: count(60).describe("Time-out of one such request."),
  MAX_INVOCATIONS: count(1).describe("Such requests at once in one isolate; more are sent away."),
  MAX_BODY_BYTES: count(20 * 2 ** 20).describe("Size of an upload, in bytes."),
  UPLOAD_SECONDS: count(120).describe("Time that an upload may take."),
  STALL_SECONDS: count(30).describe("Time in which an upload or an answer has to move at all."),
  MAX_UPLOADS: count(32).describe("Uploads at once in one isolate."),
  MAX_CLIENT_UPLOADS: count(8).describe("Uploads at once from one address, in one isolate."),
  TRUSTED_PROXIES: whole(0).describe(
    "Proxies in front of the server that append to X-Forwarded-For: then the addresses are theirs " +
      "to tell.",
  ),
  MAX_PIXELS: count(40_000_000).describe("Width times height of an uploaded image."),
  MAX_POSITIONS: count(5_000).describe("Positions of an occlusion map."),
  MAX_STEPS: count(10_000).describe("Passes of a job through the network, at its input's size."),
  MAX_JOB_MB: count(2048).describe("Memory that a job may take by estimate, in MiB."),
  MAX_JOBS: count(4).describe("Jobs at once in one isolate."),
  MAX_CLIENT_JOBS: count(2).describe("Jobs at once for one address, in one isolate."),
  MAX_SECONDS: count(600).describe("Wall time of a job."),
  STOP_SECONDS: count(10).describe("Time that jobs have to end when the server is told to stop."),
  MAX_NETWORKS: count(2).describe("Networks kept in memory, per isolate."),
  REBUILD_TOKEN: z.string().min(16).optional()
    .describe("Bearer token of /api/rebuild. Without it there is no such route."),
  REBUILD_FOLDER: z.string().min(1).default(
    fileURLToPath(new URL("../.cache/rebuild", import.meta.url)),
  )
    .describe("Where rebuilds wait."),
  REBUILD_WEBHOOK: z.url({ protocol: /^https?$/ }).optional()
    .describe("Posted to instead of rebuilding here: a pipeline that builds the site elsewhere."),
  CORS_ORIGINS: urls.optional()
    .describe("Allowed origins (CORS): of sites on other hosts, with commas between."),
  BACKEND: z.enum(REQUESTED_BACKENDS).default("auto").describe("Where networks run."),
  SITE: z.string().min(1).default(fileURLToPath(new URL("../site/dist", import.meta.url)))
    .describe("Folder of the built site."),
});

/** Variables that are never printed. */
const SECRETS = ["FANOUT_SECRET", "REBUILD_TOKEN", "REBUILD_WEBHOOK"];

export type Config = z.infer<typeof schema>;

/** Names of the variables, for `--allow-env`. */
export const CONFIG_NAMES: readonly string[] = Object.keys(schema.shape);

/**
 * Reads the configuration.
 *
 * @param env The environment. An empty variable counts as absent.
 * @throws {RangeError} If a value is wrong; one line that names every such variable.
 */
export function readConfig(env: (name: string) => string | undefined): Config {
  const given = Object.fromEntries(CONFIG_NAMES.map((name) => [name, env(name) || undefined]));
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    checkFanOut(parsed.data);
    return parsed.data;
  }
  const faults = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const shown = SECRETS.includes(name) ? "" : ` is "${given[name]}"`;
    return `${name}${shown}: ${issue.message}`;
  });
  throw new RangeError(`Cannot read the configuration: ${faults.join("; ")}`);
}

/** One without the other means no fan-out, or tiles for a host of the client's choice. */
function checkFanOut({ FANOUT_SECRET, FANOUT_URL }: Config): void {
  if ((FANOUT_SECRET === undefined) === (FANOUT_URL === undefined)) return;
  const [given, missing] = FANOUT_URL === undefined
    ? ["FANOUT_SECRET", "FANOUT_URL"]
    : ["FANOUT_URL", "FANOUT_SECRET"];
  throw new RangeError(
    `Cannot read the configuration: ${given} is set without ${missing}, expected both or none`,
  );
}
