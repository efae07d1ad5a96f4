import type { TrainOptions } from "./train_options.ts";

/** Where training stands. */
export interface Checkpoint {
  readonly options: TrainOptions;
  /** Steps that are done. */
  readonly step: number;
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Running mean and variance of every normalised layer. */
  readonly statistics: Float32Array;
}

const ARRAYS = ["parameters", "first", "second", "statistics"] as const;

/**
 * Writes a checkpoint so that a kill at any moment leaves the old or the new one: the length of a
 * header, the header as JSON, the arrays.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { options, step } = checkpoint;
  const lengths = ARRAYS.map((name) => checkpoint[name].length);
  const header = new TextEncoder().encode(JSON.stringify({ options, step, lengths }));
  const parts = [
    new Uint8Array(Uint32Array.of(header.length).buffer),
    header,
    ...ARRAYS.map((name) => bytesOf(checkpoint[name])),
  ];
  const part = `${path}.part`;
  await Deno.writeFile(part, new Uint8Array(await new Blob(parts).arrayBuffer()));
  await Deno.rename(part, path);
}

/**
 * Reads a checkpoint; undefined if there is none.
 *
 * @throws {SyntaxError} If the file is damaged.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const size = new DataView(bytes.buffer).getUint32(0, true);
  const { options, step, lengths } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(4, 4 + size)),
  );
  let at = 4 + size;
  const arrays = ARRAYS.map((_, i) => {
    const end = at + 4 * lengths[i];
    const array = new Float32Array(bytes.slice(at, end).buffer);
    at = end;
    return array;
  });
  if (at !== bytes.length) {
    throw new SyntaxError(
      `Cannot read the checkpoint ${path}: it has ${bytes.length} bytes, its ` +
        `header says ${at}`,
    );
  }
  const [parameters, first, second, statistics] = arrays;
  return { options, step, parameters, first, second, statistics };
}

function bytesOf(array: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.slice().buffer);
}
