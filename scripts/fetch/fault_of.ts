import { decodeModel } from "../../shared/onnx/mod.ts";
import { sizeOf } from "./files.ts";

/** Why the file at a path is not what it should be; undefined if it is, or there is none. */
export type FaultOf = (path: string) => Promise<string | undefined>;

/**
 * Why a file is not what its ending says; undefined if it is, if there is no such file, or if
 * nobody can tell. The partial file of a download counts by what it will be called.
 */
export const faultOf: FaultOf = async (path) => {
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
};

/** For weights beside a network: they have no form, but the network reads so many bytes of them. */
export const shorterThan = (least: number): FaultOf => async (path) => {
  const size = await sizeOf(path);
  return size === undefined || size >= least
    ? undefined
    : `it has ${size} bytes, and the network reads ${least}`;
};

/** Throw where a file is another thing. */
const CHECKS: readonly (readonly [ending: string, check: (bytes: Uint8Array) => void])[] = [
  [".onnx", decodeModel],
  [".json", (bytes) => {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw new SyntaxError("it is not JSON", { cause });
    }
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isObject) throw new SyntaxError("it is JSON, and no object");
  }],
];
