import { initWasm, Resvg } from "@resvg/resvg-wasm";

let ready: Promise<void> | undefined;

/** The renderer, its WebAssembly started once in this process. */
export async function loadResvg(): Promise<typeof Resvg> {
  await (ready ??= loadFile("@resvg/resvg-wasm/index_bg.wasm").then(initWasm));
  return Resvg;
}

/** A file of an installed package. */
export async function loadFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`../../node_modules/${path}`, import.meta.url));
  return new Uint8Array(await response.arrayBuffer());
}
