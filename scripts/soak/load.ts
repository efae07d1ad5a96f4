import { RandomStream } from "../random_stream.ts";
import { answerOf } from "./answer_of.ts";
import { longRequest, type SoakRequest } from "./requests.ts";

export interface LoadOptions {
  readonly origins: readonly string[];
  readonly requests: readonly SoakRequest[];
  /** Of each request's answer, computed alone, by its name. */
  readonly expected: ReadonlyMap<string, string>;
  readonly models: readonly string[];
  readonly clients: number;
  readonly milliseconds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** What came of a load. */
export interface LoadResult {
  /** Seconds from the request to the end of its answer, of those that ran. */
  readonly seconds: number[];
  counts: { answered: number; refused: number; bad: number; cancelled: number };
  /** What was not as it has to be, a line each. */
  readonly wrong: string[];
}

/** How often a request is one that is given up, one by one in two ways. */
const CANCELS = 0.1;

/** Has clients ask one thing after the other until the time is over. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const result: LoadResult = {
    seconds: [],
    counts: { answered: 0, refused: 0, bad: 0, cancelled: 0 },
    wrong: [],
  };
  const end = performance.now() + options.milliseconds;
  const client = async (number: number) => {
    const draw = new RandomStream(options.seed * 1000 + number);
    while (performance.now() < end && !options.signal.aborted) {
      try {
        if (draw.chance(CANCELS)) await giveUp(draw, options, result);
        else await ask(draw, options, result);
      } catch (error) {
        result.wrong.push(`the connection failed: ${(error as Error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: options.clients }, (_, number) => client(number)));
  return result;
}

async function ask(draw: RandomStream, options: LoadOptions, result: LoadResult): Promise<void> {
  const { requests, origins, expected } = options;
  const request = draw.pick(requests);
  const began = performance.now();
  const answer = await answerOf(await fetch(request.make(draw.pick(origins))));
  if (answer.isRefused) {
    result.counts.refused++;
    // As Retry-After would have it, shortened.
    return await new Promise((resolve) => setTimeout(resolve, 200));
  }
  if (answer.digest !== expected.get(request.name)) {
    result.wrong.push(`${request.name}: ${answer.text}`);
  }
  if (request.kind === "bad") result.counts.bad++;
  else {
    result.counts.answered++;
    result.seconds.push((performance.now() - began) / 1000);
  }
}

/** Starts a long job, and goes away or cancels it. */
async function giveUp(draw: RandomStream, options: LoadOptions, result: LoadResult): Promise<void> {
  const [origin, leaves] = [draw.pick(options.origins), draw.chance(0.5)];
  const client = new AbortController();
  const request = longRequest(draw.pick(options.models), origin);
  const response = await fetch(request, { signal: client.signal });
  if (!response.ok) {
    await response.body?.cancel();
    result.counts.refused++;
    return;
  }
  const job = response.headers.get("Convscope-Job");
  if (leaves || options.origins.length > 1 || job === null) {
    await new Promise((resolve) => setTimeout(resolve, 100 + draw.below(400)));
    client.abort();
    await response.text().catch(() => {});
    result.counts.cancelled++;
    return;
  }
  // Each isolate knows its own jobs: those of another are not found, and the client leaves.
  const told = await fetch(`${origin}/api/jobs/${job}`, { method: "DELETE" });
  await told.body?.cancel();
  if (told.status === 404) client.abort();
  const text = await response.text().catch(() => "");
  const last = text.trim().split("\n").at(-1) ?? "";
  if (told.ok && !/"type":"(?:error|result)"/.test(last)) {
    result.wrong.push(`a cancelled job ends with ${last.slice(0, 200)}`);
  }
  result.counts.cancelled++;
}
