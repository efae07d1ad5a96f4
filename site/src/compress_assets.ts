import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

/** Code, styles and what is searched; images and fonts are compressed as they are. */
const COMPRESSIBLE = /\.(js|mjs|css|json|wasm)$/;

/** Below this a header weighs as much as what is saved. */
const LEAST_BYTES = 1024;

/** Of 0 to 11: beyond it ONNX Runtime's 14 MB take twice as long for 3 % less. */
const QUALITY = 5;

const compress = promisify(brotliCompress);

/**
 * Writes `<file>.br` beside each script, style, JSON and WebAssembly of a folder, for servers that
 * send those to who takes them: ONNX Runtime's 14 MB are 2.7 MB then.
 */
export async function compressAssets(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!COMPRESSIBLE.test(name)) continue;
    const bytes = await readFile(join(folder, name));
    if (bytes.length < LEAST_BYTES) continue;
    const packed = await compress(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    await writeFile(join(folder, `${name}.br`), packed);
  }
}
