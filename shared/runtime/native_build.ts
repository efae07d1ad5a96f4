import type { Ort } from "./ort.ts";

/** Where `deno task native` puts it. Not a literal where it is used: bundlers would follow that. */
const FOLDER = "../../.cache/native/";

const PACKAGE = "onnxruntime-node";

/** How to get it. */
export const NATIVE_REMEDY =
  'get it with "deno task native", and allow it with --allow-ffi=.cache/native';

/** What Node and Deno have, and browsers do not. */
interface Builtins {
  getBuiltinModule?(name: "node:module"): {
    createRequire(from: URL): { (name: string): typeof Ort; resolve(name: string): string };
  };
}

let found: typeof Ort | string | undefined;

/**
 * ONNX Runtime's native build, from a folder of its own: it is 291 MB, and not part of what is
 * installed by default. The same interface as ONNX Runtime Web's.
 *
 * @returns The build, or why there is none: "it is not installed".
 */
export function findNative(): typeof Ort | string {
  return found ??= load();
}

function load(): typeof Ort | string {
  const { process } = globalThis as { process?: Builtins };
  const modules = process?.getBuiltinModule?.("node:module");
  if (!modules) return "it is for Deno and Node";
  // Not called "require": what analyses dynamic imports would take it for one.
  const load = modules.createRequire(new URL(FOLDER, import.meta.url));
  try {
    load.resolve(PACKAGE);
  } catch {
    return "it is not installed";
  }
  try {
    return load(PACKAGE);
  } catch (error) {
    const [line] = `${error instanceof Error ? error.message : error}`.split("\n");
    return `it cannot be loaded (${line})`;
  }
}
