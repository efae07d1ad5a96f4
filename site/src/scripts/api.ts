import type { ModelDetails, ModelInfo, Problem, RunEvent } from "../../../shared/api/mod.ts";

/** Where the functions are, if not where the pages are: the base layout says so. */
export const BASE = document.querySelector<HTMLMetaElement>("meta[name=functions]")?.content ?? "";

/** What the server said it cannot do, in its words. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(readonly problem: Pick<Problem, "title" | "detail">) {
    super(`${problem.title}: ${problem.detail}`);
  }
}

export function fetchModels(): Promise<ModelInfo[]> {
  return readJson("/api/models");
}

/** @param describe Whether the server opens it, and says what it then knows: shapes, for one. */
export function fetchModel(id: string, describe = false): Promise<ModelDetails> {
  return readJson(`/api/models/${id}?describe=${describe}`);
}

/**
 * Runs a method, and yields its events as they arrive.
 *
 * @throws {ApiError} What the server refuses, or breaks off with.
 * @throws The signal's reason once it is aborted.
 */
export async function* runMethod(
  method: string,
  body: FormData,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const headers = { Accept: "application/x-ndjson" };
  const response = await request(`/api/${method}`, { method: "POST", body, headers, signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + chunk.value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const event: RunEvent = JSON.parse(line);
      if (event.type === "error") throw new ApiError(event.problem);
      yield event;
      if (event.type === "result") return;
    }
  }
  throw new ApiError({
    title: "The answer broke off",
    detail: "The server stopped in the middle; try again",
  });
}

async function readJson<T>(path: string): Promise<T> {
  return await (await request(path)).json();
}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetchInTurn(BASE + path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError({
      title: "The server cannot be reached",
      detail: "Is it still running? If the image is very large, it may have been turned away",
    });
  }
  if (response.ok) return response;
  const problem: Problem | undefined = await response.json().catch(() => undefined);
  throw new ApiError(
    problem ?? { title: "The server refused", detail: `It answered ${response.status}` },
  );
}

/** How often a request is made again that comes too early, and milliseconds in between. */
const TURNS = { most: 15, wait: 700 };

/**
 * A server notices late that a job is not wanted any more, and counts it among those of this page
 * until then: a request that it has no room for waits for its turn.
 */
async function fetchInTurn(url: string, init: RequestInit): Promise<Response> {
  for (let turn = 1;; turn++) {
    const response = await fetch(url, init);
    if (response.status !== 429 || turn === TURNS.most) return response;
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, TURNS.wait));
    init.signal?.throwIfAborted();
  }
}
