import type { Context, Handler } from "hono";
import { mapValues, type RunResult } from "../../shared/api/mod.ts";
import { preprocess } from "../../shared/models/mod.ts";
import { checkInputs } from "../../shared/contract/check_inputs.ts";
import type { Technique } from "../../shared/contract/technique.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { type Emit, eventStream } from "../event_stream.ts";
import { arrayLink, fileLink, pictureLink } from "../present.ts";
import { ProblemError } from "../problem_error.ts";
import { readUpload, type Upload } from "../read_upload.ts";
import { refusal } from "../refusal.ts";
import { runJob } from "../run_job.ts";
import type { Services } from "../services.ts";
import { stoppingError } from "../shutdown/stopping_error.ts";
import { findTechnique } from "../techniques.ts";

const NDJSON = "application/x-ndjson";

/** `POST /api/<technique>`: runs it on the uploaded pictures, or on none. */
export function runTechnique(services: Services): Handler {
  const { config, jobs, networks, drain } = services;

  return async function runTechnique(c) {
    const technique = await findTechnique(c.req.param("technique") ?? "");
    if (!URL.canParse(c.req.url)) {
      throw new ProblemError("bad-request", "The header Host is no host");
    }
    const leave = jobs.enter(clientOf(c));
    const gone = new AbortController();
    const timeout = AbortSignal.timeout(config.MAX_SECONDS * 1000);
    // Deno notices that the client of a large upload is gone only when it writes: so a client that
    // reads events stops the job at once, and one that waits for JSON may not.
    const signal = AbortSignal.any([c.req.raw.signal, gone.signal, timeout, drain.expired]);

    async function run(emit: Emit): Promise<RunResult> {
      try {
        const { pictures, model, fields } = await readUpload(c.req.raw, config);
        requireInputs(technique, pictures);
        const options = parseOptions(technique.options, fields);
        const started = performance.now();
        return await networks.use(model, async (loaded) => {
          const { network, manifest } = loaded;
          const inputs = mapValues(pictures, (picture) => preprocess(picture, manifest.input));
          const job = { technique, loaded, inputs, options, signal, emit };
          const result = await runJob(job, services);
          return {
            technique: technique.id,
            model,
            modelSha256: loaded.sha256,
            options: options as Record<string, unknown>,
            pictures: mapValues(result.pictures, pictureLink),
            files: mapValues(result.files ?? {}, fileLink),
            arrays: mapValues(result.arrays, arrayLink),
            measures: result.measures,
            backend: network.backend,
            milliseconds: Math.round(performance.now() - started),
          };
        });
      } catch (error) {
        if (drain.expired.aborted) {
          throw stoppingError(
            `The server stops, and waits ${config.STOP_SECONDS} s for jobs to end`,
          );
        }
        if (signal.aborted) throw timeout.aborted ? tooLong(config.MAX_SECONDS) : clientGone();
        throw refusal(error);
      } finally {
        leave();
      }
    }

    const accept = c.req.header("Accept") ?? "";
    if (accept.includes(NDJSON)) return await eventStream(run, () => gone.abort());
    return c.json(await run(() => {}), 200, { "Cache-Control": "no-store" });
  };
}

/** @throws {ProblemError} 400 if a picture is missing, or would be ignored. */
function requireInputs(technique: Technique, pictures: Upload["pictures"]): void {
  try {
    checkInputs(technique, pictures);
  } catch (error) {
    throw new ProblemError("bad-request", (error as Error).message, { cause: error as Error });
  }
}

/** The address the request came from; all share one where the server does not tell. */
function clientOf(c: Context): string {
  const info = c.env as Partial<Deno.ServeHandlerInfo<Deno.NetAddr>> | undefined;
  return info?.remoteAddr?.hostname ?? "";
}

/** Nobody reads it; but it is no error of the server's. */
const clientGone = () => new ProblemError("bad-request", "The client is gone");

const tooLong = (seconds: number) =>
  new ProblemError(
    "out-of-time",
    `The job was stopped after ${seconds} seconds; a larger stride makes it shorter`,
    { retryAfter: seconds },
  );
