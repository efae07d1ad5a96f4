/** Size of one read, in bytes. */
const PIECE = 2 ** 18;

/** The bytes of a file from `start` up to, not including, `end`; it is open for as long. */
export async function* filePart(
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  await file.seek(start, Deno.SeekMode.Start);
  for (let left = end - start; left > 0;) {
    const piece = new Uint8Array(Math.min(PIECE, left));
    const count = await file.read(piece);
    if (count === null) throw new Error(`Cannot send ${path}: it has become shorter`);
    left -= count;
    yield piece.subarray(0, count);
  }
}
