/**
 * The body of a response, and no more of it than is allowed.
 *
 * @throws {Error} If it is longer than `most` bytes.
 */
export async function readLimited(response: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) {
      throw new Error(`Cannot read the answer of ${response.url}: it is longer than ${most} bytes`);
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
