import { createHash } from "node:crypto";

/** SHA-256 of a file of any size. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/** Size of a file; undefined if there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await orUndefined(Deno.stat(path)))?.size;
}

/** Text of a file; undefined if there is none, or it is empty. */
export async function readText(path: string): Promise<string | undefined> {
  return (await orUndefined(Deno.readTextFile(path)))?.trim() || undefined;
}

/** Writes a file that others see either not at all or whole. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(temporary, text);
  await Deno.rename(temporary, path);
}

/** Removes a file if it is there. */
export async function remove(path: string): Promise<void> {
  await orUndefined(Deno.remove(path));
}

/** Undefined if there is no such file. */
async function orUndefined<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
