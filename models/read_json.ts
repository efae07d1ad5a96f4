import { NetworkFileError } from "./network_file_error.ts";

/**
 * The JSON of a file; undefined if there is no such file.
 *
 * @throws {NetworkFileError} If it is not JSON.
 */
export async function readJson(path: string | URL): Promise<unknown> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NetworkFileError(
      "unusable-network",
      `Cannot read ${path}: it is not JSON; correct it, or fetch it again`,
      {
        cause: error,
      },
    );
  }
}
