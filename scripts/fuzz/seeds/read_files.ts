import { join } from "node:path";

/** The contents of all files below `folder` whose names end as one of `endings`, by path. */
export function readFiles(folder: string, endings: readonly string[]): Uint8Array<ArrayBuffer>[] {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) return readFiles(path, endings);
    return endings.some((ending) => name.endsWith(ending)) ? [Deno.readFileSync(path)] : [];
  });
}
