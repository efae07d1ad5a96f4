import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { compressAssets } from "./compress_assets.ts";

test("compressAssets() writes code and styles in Brotli, beside the files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assets-"));
  try {
    const code = "export const a = 1;\n".repeat(200);
    await writeFile(join(folder, "run.abc.wasm"), code);
    await writeFile(join(folder, "photo.abc.webp"), code);
    await writeFile(join(folder, "small.abc.js"), "1");
    await compressAssets(folder);
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual(["photo.abc.webp", "run.abc.wasm", "run.abc.wasm.br", "small.abc.js"]);
    const packed = await readFile(join(folder, "run.abc.wasm.br"));
    expect(packed.length).toBeLessThan(code.length / 10);
    expect(brotliDecompressSync(packed).toString()).toBe(code);
  } finally {
    await rm(folder, { recursive: true });
  }
});
