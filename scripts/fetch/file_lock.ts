/** How long a lock may be waited for before it is said. */
const PATIENCE_MS = 500;

/**
 * Runs `work` while no other process runs work under the same lock. The operating system frees the
 * lock of a process that dies.
 *
 * @param path An empty file that stays behind: removing it would let two in.
 * @param onWait Called if somebody else has the lock for a while.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: () => void,
): Promise<T> {
  using file = await Deno.open(path, { create: true, write: true });
  const timer = setTimeout(() => onWait?.(), PATIENCE_MS);
  try {
    await file.lock(true);
  } finally {
    clearTimeout(timer);
  }
  try {
    return await work();
  } finally {
    await file.unlock();
  }
}
