import type { OpenedFile, StoredNetwork } from "./opened_file.ts";

/** What is kept at most; the networks that were opened longest ago go first. */
const MOST = { networks: 4, bytes: 2 ** 30 };

const FOLDER = "networks";
const NETWORK = "model.onnx";
/** Written last: a folder without it is not whole. */
const RECORD = "record.json";

/** What is written about a network beside its file. */
interface NetworkRecord extends Omit<StoredNetwork, "file"> {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
}

/** Whether a network's id says that it was opened from a file of this browser's. */
export const isFile = (id: string): boolean => id.startsWith("file:");

/** Networks of this page; those of other pages and days are in the store. */
const here = new Map<string, StoredNetwork>();

/**
 * Keeps a network for this page, and in the origin private file system where there is one, with
 * room.
 *
 * @returns Whether it outlives the page.
 */
export async function keepNetwork(stored: StoredNetwork): Promise<boolean> {
  const { file, ...record } = stored;
  here.set(stored.opened.id, stored);
  if (file.size > MOST.bytes) return false;
  try {
    const root = await folder(true);
    if (!root) return false;
    const own = await root.getDirectoryHandle(folderOf(stored.opened.id), { create: true });
    const kept = await own.getFileHandle(NETWORK).then((handle) => handle.getFile(), () => null);
    // The same id is the same file; only what is said about it may differ.
    if (kept?.size !== file.size) await write(own, NETWORK, file);
    const about: NetworkRecord = { ...record, at: Date.now(), bytes: file.size };
    await write(own, RECORD, JSON.stringify(about));
    await makeRoom(root);
    return true;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}

/** The networks that are kept, the one opened last first. */
export async function keptFiles(): Promise<readonly OpenedFile[]> {
  const records = (await readRecords(await folder(false))).map(({ record }) => record.opened);
  const ids = new Set(records.map(({ id }) => id));
  const others = [...here.values()].map(({ opened }) => opened).filter(({ id }) => !ids.has(id));
  return [...others.reverse(), ...records];
}

/** A network that is kept. @returns Undefined if it is not. */
export async function keptNetwork(id: string): Promise<StoredNetwork | undefined> {
  const found = here.get(id);
  if (found) return found;
  const root = await folder(false);
  const kept = (await readRecords(root)).find(({ record }) => record.opened.id === id);
  if (!kept) return undefined;
  const { at: _at, bytes: _bytes, ...record } = kept.record;
  return { ...record, file: await (await kept.own.getFileHandle(NETWORK)).getFile() };
}

/** Forgets every network: nothing of them stays in this browser. */
export async function forgetFiles(): Promise<void> {
  here.clear();
  const root = await navigator.storage?.getDirectory?.().catch(() => undefined);
  await root?.removeEntry(FOLDER, { recursive: true }).catch(() => {});
}

/** Undefined where the browser has no such file system, or will not have it used. */
async function folder(create: boolean): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage?.getDirectory?.();
    return await root?.getDirectoryHandle(FOLDER, { create });
  } catch {
    return undefined;
  }
}

const folderOf = (id: string) => id.replace(/\W/g, "-");

interface Kept {
  readonly name: string;
  readonly own: FileSystemDirectoryHandle;
  readonly record: NetworkRecord;
}

async function readRecords(root: FileSystemDirectoryHandle | undefined): Promise<Kept[]> {
  const found: Kept[] = [];
  for await (const [name, own] of root?.entries() ?? []) {
    if (own.kind !== "directory") continue;
    const directory = own as FileSystemDirectoryHandle;
    try {
      const file = await (await directory.getFileHandle(RECORD)).getFile();
      found.push({ name, own: directory, record: JSON.parse(await file.text()) });
    } catch {
      // Broken off while it was written; makeRoom() removes it.
    }
  }
  return found.toSorted((a, b) => b.record.at - a.record.at);
}

/** Removes what is too much, and what is not whole. */
async function makeRoom(root: FileSystemDirectoryHandle): Promise<void> {
  const stays = new Set<string>();
  let bytes = 0;
  for (const { name, record } of await readRecords(root)) {
    bytes += record.bytes;
    if (stays.size < MOST.networks && bytes <= MOST.bytes) stays.add(name);
  }
  for await (const name of root.keys()) {
    if (!stays.has(name)) await root.removeEntry(name, { recursive: true });
  }
}

async function write(
  folder: FileSystemDirectoryHandle,
  name: string,
  content: Blob | string,
): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  await writable.write(content);
  await writable.close();
}
