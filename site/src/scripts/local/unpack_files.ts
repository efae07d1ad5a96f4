import { unzipSync } from "fflate";
import { OpenError } from "./open_error.ts";

/** A file as it is named below what was dropped: `folder/model.onnx`. */
export interface NamedFile {
  readonly name: string;
  readonly file: Blob;
}

/** What systems put into archives and folders for themselves. */
const HIDDEN = /(?:^|\/)(?:__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/;

/**
 * The files that were dropped, those in .zip archives among them.
 *
 * @param most Bytes that may come out of archives.
 * @throws {OpenError} If an archive is damaged, or holds more.
 */
export async function unpackFiles(files: readonly File[], most: number): Promise<NamedFile[]> {
  const found: NamedFile[] = [];
  for (const file of files) {
    const name = file.webkitRelativePath || file.name;
    if (/\.zip$/i.test(name)) found.push(...await unzip(file, most));
    else if (!HIDDEN.test(name)) found.push({ name, file });
  }
  return found;
}

async function unzip(file: File, most: number): Promise<NamedFile[]> {
  let total = 0;
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(new Uint8Array(await file.arrayBuffer()), {
      filter({ name, originalSize }) {
        if (name.endsWith("/") || HIDDEN.test(name)) return false;
        total += originalSize;
        if (total > most) {
          throw new OpenError(
            "too-large",
            `Cannot open ${file.name} here: it holds more than ${Math.round(most / 1e6)} MB, ` +
              "for which this page has no memory",
          );
        }
        return true;
      },
    });
  } catch (cause) {
    if (cause instanceof OpenError) throw cause;
    throw new OpenError(
      "not-a-network",
      `Cannot open ${file.name}: it is not a .zip archive that can be read ` +
        `(${(cause as Error).message})`,
      [],
      { cause },
    );
  }
  return Object.entries(entries).map(([name, bytes]) => ({
    name,
    file: new Blob([bytes as Uint8Array<ArrayBuffer>]),
  }));
}
