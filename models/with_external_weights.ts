import { InputError } from "../shared/errors.ts";
import { dirname, join } from "node:path";
import { NetworkFileError } from "./network_file_error.ts";
import { decodeModel, encodeModel, externalFiles, loadExternalData } from "../shared/onnx/mod.ts";

/** Weights in all, as protobuf allows for one file. */
const MAX_BYTES = 2 ** 31;

/**
 * The network with the weights that lie in files beside it, as one file; `bytes` itself if there
 * are none.
 *
 * @throws {NetworkFileError} If a file is missing; with its name.
 * @throws {RangeError} If the files are larger than 2 GiB together, or shorter than the network says.
 * @throws {SyntaxError} If the network names a file outside its folder.
 */
export async function withExternalWeights(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const model = decodeModel(bytes);
  const names = externalFiles(model);
  if (names.length === 0) return bytes;
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const name of names) {
    const file = join(dirname(path), name);
    try {
      total += (await Deno.stat(file)).size;
      if (total > MAX_BYTES) {
        throw new InputError(`Cannot open ${path}: its weights are larger than ${MAX_BYTES} bytes`);
      }
      files.set(name, await Deno.readFile(file));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new NetworkFileError(
        "network-missing",
        `Cannot open ${path}: its weights "${name}" are not beside it`,
      );
    }
  }
  return encodeModel(loadExternalData(model, files));
}
