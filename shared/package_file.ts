/** What Node and Deno have, and browsers do not. */
interface Builtins {
  getBuiltinModule?(name: "node:module"): {
    createRequire(from: string): { resolve(specifier: string): string };
  };
  getBuiltinModule?(name: "node:fs/promises"): {
    readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  };
}

/**
 * Reads a file of an installed package: from where the package is in Node and Deno, in a page from
 * where its bundler has put it.
 *
 * @param specifier Of the file: "package/path/in/it".
 * @param bundled `new URL(specifier, import.meta.url)`, written out where this is called: bundlers
 * find such files by this pattern and by no other.
 * @throws {TypeError} If it is not there.
 */
export async function readPackageFile(
  specifier: string,
  bundled: URL,
): Promise<Uint8Array<ArrayBuffer>> {
  const { process } = globalThis as { process?: Builtins };
  if (!process?.getBuiltinModule) return await (await fetch(bundled)).bytes();
  const { createRequire } = process.getBuiltinModule("node:module");
  const { readFile } = process.getBuiltinModule("node:fs/promises");
  const from = import.meta.url;
  return new Uint8Array(await readFile(createRequire(from).resolve(specifier)));
}
