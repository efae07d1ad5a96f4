import { ProblemError } from "./problem_error.ts";

/**
 * Reads a request's body, and stops reading as soon as it is larger than `limit` bytes, whatever
 * its Content-Length says.
 *
 * @throws {ProblemError} 413 if it is larger, 400 if it breaks off.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new ProblemError("too-large", `The upload is larger than the ${readable(limit)} allowed`);
  if (Number(request.headers.get("Content-Length")) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError("bad-request", "The upload broke off", { cause });
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
