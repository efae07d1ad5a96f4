import type { Context, Handler } from "hono";
import { mapValues, type RunResult } from "../../shared/api/mod.ts";
import { checkInputs, inputNotes } from "../../shared/contract/run_method.ts";
import { parseOptions, takeFitting } from "../../shared/contract/parse_options.ts";
import type { Method, MethodInput } from "../../shared/contract/method.ts";
import { encodeFigures } from "../../shared/figure/mod.ts";
import { fitted } from "../../shared/models/fit.ts";
import type { ManifestInput } from "../../shared/models/manifest.ts";
import { formatFor } from "../answers/formats.ts";
import { type Emit, jobAnswer } from "../answers/job_answer.ts";
import { checkSteps } from "../jobs/check_cost.ts";
import { clientOf } from "../jobs/job_gate.ts";
import { arrayLink, fileLink, imageLink } from "../present.ts";
import { ProblemError, stoppingError } from "../problems.ts";
import { readOpening } from "../read_opening.ts";
import { readUpload, type Upload } from "../read_upload.ts";
import { runJob } from "../run_job.ts";
import type { Services } from "../services.ts";
import { findMethod } from "./methods.ts";

/** The answer's header with the job's id, for `DELETE /api/jobs/<id>`. */
export const JOB_HEADER = "Convscope-Job";

/** `POST /api/<method>`: runs it on the uploaded images, or on none. */
export function runMethod(services: Services): Handler {
  const { config, images, jobs, networks, running, drain } = services;

  return async function runMethod(c) {
    const method = await findMethod(c.req.param("method") ?? "");
    if (!URL.canParse(c.req.url)) {
      throw new ProblemError("bad-request", "The header Host is no host");
    }
    const client = clientOf(c, config.TRUSTED_PROXIES);
    // Told before anything is uploaded; a slow upload has no place among the jobs.
    jobs.check(client);
    services.warmUp();
    const { images: files, model, fields, opening } = await readGated(c, client, services);
    requireInputs(method, files);
    const [fitting, others] = takeFitting(fields);
    const [request, rest] = readOpening(others, opening);
    const options = parseOptions(method.options, rest);
    checkSteps(method.id, options, config.MAX_STEPS);
    const started = performance.now();
    const leave = jobs.enter(client);
    const job = running.add();
    const gone = new AbortController();
    const timeout = AbortSignal.timeout(config.MAX_SECONDS * 1000);
    const signal = AbortSignal.any([
      c.req.raw.signal,
      gone.signal,
      job.signal,
      timeout,
      drain.expired,
    ]);

    async function prepare(input: ManifestInput): Promise<Record<string, MethodInput>> {
      const prepared: Record<string, MethodInput> = {};
      for (const [kind, bytes] of Object.entries(files)) {
        const request = {
          bytes,
          input: fitted(input, fitting),
          sourceSide: fitting["source-side"],
          maxPixels: config.MAX_PIXELS,
        };
        prepared[kind] = await images.prepare(request, signal);
      }
      return prepared;
    }

    async function run(emit: Emit): Promise<RunResult> {
      try {
        return await networks.use(model, async (loaded) => {
          const { network, manifest } = loaded;
          const inputs = await prepare(manifest.input);
          const result = await runJob({
            method,
            loaded,
            inputs,
            options,
            signal,
            emit: (event) => emit(event.type === "start" ? { ...event, job: job.id } : event),
          }, services);
          return {
            method: method.id,
            model,
            modelSha256: loaded.sha256,
            options: options as Record<string, unknown>,
            figures: await encodeFigures(result.figures),
            images: mapValues(result.images, imageLink),
            files: mapValues(result.files ?? {}, fileLink),
            arrays: mapValues(result.arrays, arrayLink),
            measures: result.measures,
            notes: [...network.notes.map((note) => `network: ${note}`), ...inputNotes(inputs)],
            backend: network.backend,
            milliseconds: Math.round(performance.now() - started),
          };
        }, request);
      } catch (error) {
        throw signal.aborted ? reasonOfEnd() : error;
      } finally {
        job[Symbol.dispose]();
      }
    }

    function reasonOfEnd(): ProblemError {
      const { MAX_SECONDS, STOP_SECONDS } = config;
      if (drain.expired.aborted) {
        return stoppingError(`The server stops, and waits ${STOP_SECONDS} s for jobs to end`);
      }
      if (job.signal.aborted) return new ProblemError("cancelled", "The job was cancelled");
      return timeout.aborted ? tooLong(MAX_SECONDS) : clientGone();
    }

    return await jobAnswer(run, formatFor(c.req.header("Accept")), {
      headers: { [JOB_HEADER]: job.id },
      stallSeconds: config.STALL_SECONDS,
      onGone: () => gone.abort(),
      onEnd: leave,
    });
  };
}

/** Reads the form while the client has a place among the uploads. */
async function readGated(
  c: Context,
  client: string,
  { config, uploads }: Services,
): Promise<Upload> {
  const leave = uploads.enter(client);
  try {
    return await readUpload(c.req.raw, config);
  } finally {
    leave();
  }
}

/** @throws {ProblemError} 400 if an image is missing, or would be ignored. */
function requireInputs(method: Method, images: Upload["images"]): void {
  try {
    checkInputs(method, images);
  } catch (error) {
    throw new ProblemError("bad-request", (error as Error).message, { cause: error as Error });
  }
}

/** Nobody reads it; but it is no error of the server's. */
const clientGone = () => new ProblemError("bad-request", "The client is gone");

const tooLong = (seconds: number) =>
  new ProblemError(
    "out-of-time",
    `The job was stopped after ${seconds} seconds; a larger stride makes it shorter`,
    { retryAfter: seconds },
  );

/** `DELETE /api/jobs/<id>`: cancels a job; whoever started it knows its id. */
export function cancelJob({ running }: Services): Handler {
  return async (c) => {
    const id = c.req.param("id") ?? "";
    if (await running.cancel(id)) return c.body(null, 204);
    throw new ProblemError("not-found", "There is no job of that id; it may have ended");
  };
}
