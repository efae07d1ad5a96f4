/** What networks come in, by the end of the file's name. */
const NETWORK_FILE = /\.(onnx|zip)$/i;

/** Whether a file is, or may hold, a network: then it is no image. */
export const isNetworkFile = ({ name }: Pick<File, "name">): boolean => NETWORK_FILE.test(name);

/**
 * The files that were dropped on a page, those in folders among them. To be called while the drop is
 * handled: afterwards the browser no longer tells.
 */
export async function droppedFiles({ items }: Pick<DataTransfer, "items">): Promise<File[]> {
  const found = [...items].filter(({ kind }) => kind === "file").map((item) => {
    const entry = item.webkitGetAsEntry?.();
    return entry ? filesBelow(entry) : Promise.resolve([item.getAsFile()!]);
  });
  return (await Promise.all(found)).flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject)
      ),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    // A folder is read in parts; the last is empty.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (part.length === 0) break;
    entries.push(...part);
  }
  return (await Promise.all(entries.map(filesBelow))).flat();
}
