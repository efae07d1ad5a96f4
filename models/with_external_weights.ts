import { dirname, join, sep } from "node:path";
import { NetworkFileError } from "./network_file.ts";
import { printable } from "../shared/printable.ts";
import {
  decodeModel,
  encodeModel,
  externalFiles,
  loadExternalData,
  MAX_WEIGHT_BYTES,
  UnusableNetworkError,
} from "../shared/onnx/mod.ts";

/**
 * The network with the weights that lie in files beside it, as one file; `bytes` itself if there
 * are none.
 *
 * @throws {NetworkFileError} If a file is missing; with its name.
 * @throws {UnusableNetworkError} If a file is not a regular one in the network's folder, the files
 * are larger than 2 GiB together, or shorter than the network says.
 * @throws {DamagedNetworkError} If the network names a file outside its folder.
 */
export async function withExternalWeights(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const model = decodeModel(bytes);
  const names = externalFiles(model);
  if (names.length === 0) return bytes;
  // A cache may hold links to files that lie side by side elsewhere.
  const folders = [await Deno.realPath(dirname(path)), dirname(await Deno.realPath(path))];
  const found: { readonly name: string; readonly file: string }[] = [];
  let total = 0;
  for (const name of names) {
    const file = await Deno.realPath(join(dirname(path), name)).catch((error) => {
      if (!isMissing(error)) throw error;
      throw new NetworkFileError(
        "network-missing",
        `Cannot open ${path}: its weights "${printable(name)}" are not beside it`,
      );
    });
    const { isFile, size } = await Deno.stat(file);
    if (!isFile || !folders.some((folder) => file.startsWith(folder + sep))) {
      throw new UnusableNetworkError(
        `Cannot open ${path}: its weights "${name}" are not a regular file in its folder`,
      );
    }
    total += size;
    found.push({ name, file });
  }
  if (total > MAX_WEIGHT_BYTES) {
    throw new UnusableNetworkError(
      `Cannot open ${path}: its weights have ${total} bytes, expected ${MAX_WEIGHT_BYTES} at most`,
    );
  }
  const files = new Map<string, Uint8Array>();
  for (const { name, file } of found) files.set(name, await Deno.readFile(file));
  return encodeModel(loadExternalData(model, files));
}

const isMissing = (error: unknown) =>
  error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
