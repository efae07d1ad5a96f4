import { decodeModel } from "../../shared/onnx/mod.ts";

/**
 * Why a file is not what its ending says; undefined if it is, if there is no such file, or if
 * nobody can tell. The partial file of a download counts by what it will be called.
 */
export async function faultOf(path: string): Promise<string | undefined> {
  const name = path.replace(/\.part$/, "");
  const check = CHECKS.find(([ending]) => name.endsWith(ending))?.[1];
  if (!check) return undefined;
  try {
    check(await Deno.readFile(path));
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    return (error as Error).message.replace(/^Cannot read the ONNX file\b/, "it is no network");
  }
}

/** Throw where a file is another thing. */
const CHECKS: readonly (readonly [ending: string, check: (bytes: Uint8Array) => void])[] = [
  [".onnx", decodeModel],
  [".json", (bytes) => {
    try {
      JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw new SyntaxError("it is not JSON", { cause });
    }
  }],
];
