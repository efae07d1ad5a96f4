import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { readPackageFile } from "../package_file.ts";

let ready: Promise<void> | undefined;

/** The renderer, its WebAssembly started once in this process. */
export async function loadResvg(): Promise<typeof Resvg> {
  ready ??= readPackageFile(
    "@resvg/resvg-wasm/index_bg.wasm",
    new URL("@resvg/resvg-wasm/index_bg.wasm", import.meta.url),
  ).then(initWasm);
  await ready;
  return Resvg;
}
