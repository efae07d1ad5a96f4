import { cannotWrite } from "./cannot_write.ts";

/** Makes a folder and those it lies in, where they are not there. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
