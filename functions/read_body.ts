import type { Config } from "./config.ts";
import { ProblemError } from "./problems.ts";

/** How much a body may be, and how slowly it may come. */
export type BodyLimits = Pick<Config, "MAX_BODY_BYTES" | "UPLOAD_SECONDS" | "STALL_SECONDS">;

/**
 * Reads a request's body, and stops reading as soon as it is too large, whatever its Content-Length
 * says, or takes too long.
 *
 * @throws {ProblemError} 413 if it is too large, 408 if it takes too long, 400 if it breaks off.
 */
export async function readBody(
  request: Request,
  { MAX_BODY_BYTES: limit, UPLOAD_SECONDS, STALL_SECONDS }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new ProblemError("too-large", `The upload is larger than the ${readable(limit)} allowed`);
  if (Number(request.headers.get("Content-Length")) > limit) throw tooLarge();
  const tooSlow = (what: string) => new ProblemError("too-slow", `The upload ${what} seconds`);
  const stop = new AbortController();
  const { signal } = stop;
  const whole = setTimeout(
    () => stop.abort(tooSlow(`did not end within ${UPLOAD_SECONDS}`)),
    UPLOAD_SECONDS * 1000,
  );
  let stall: ReturnType<typeof setTimeout> | undefined;
  const awaitPiece = () => {
    clearTimeout(stall);
    stall = setTimeout(
      () => stop.abort(tooSlow(`did not move for ${STALL_SECONDS}`)),
      STALL_SECONDS * 1000,
    );
  };
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    awaitPiece();
    for await (const chunk of request.body?.pipeThrough(new TransformStream(), { signal }) ?? []) {
      size += chunk.length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
      awaitPiece();
    }
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    if (signal.aborted) throw signal.reason;
    throw new ProblemError("bad-request", "The upload broke off", { cause });
  } finally {
    clearTimeout(whole);
    clearTimeout(stall);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

const readable = (bytes: number) =>
  bytes < 2 ** 20 ? `${bytes} bytes` : `${+(bytes / 2 ** 20).toFixed(1)} MiB`;
