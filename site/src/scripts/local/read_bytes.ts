/** Told how many bytes of how many are there. */
export type OnBytes = (done: number, total: number) => void;

/**
 * The body of an answer, put where it stays as it comes: a network is never held twice.
 *
 * @throws {TypeError} If it breaks off.
 */
export async function readBytes(
  response: Response,
  onBytes: OnBytes = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const total = Number(response.headers.get("Content-Length"));
  // Of what is sent in a compressed form, the length is another one.
  const isKnown = total > 0 && !response.headers.has("Content-Encoding");
  if (!isKnown || !response.body) return await response.bytes();
  const bytes = new Uint8Array(total);
  let done = 0;
  onBytes(done, total);
  const reader = response.body.getReader();
  for (;;) {
    const { value: part } = await reader.read();
    if (!part || done + part.length > total) {
      if (!part && done === total) return bytes;
      await reader.cancel();
      break;
    }
    bytes.set(part, done);
    done += part.length;
    onBytes(done, total);
  }
  throw new TypeError(`Cannot read ${response.url}: it has other than the ${total} bytes it says`);
}
