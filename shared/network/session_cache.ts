import type { Session } from "../runtime/mod.ts";

interface Entry {
  readonly session: Promise<Session>;
  users: number;
}

/**
 * Keeps the sessions that were used last. One that is in use is never freed: it goes when its last
 * run has ended.
 */
export class SessionCache {
  /** In order of use, the last used at the end. */
  readonly #entries = new Map<string, Entry>();

  #capacity: number;

  /** @param capacity How many sessions stay when none is in use. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Does `job` with the session `key`, which `open` opens if it is not there. */
  async use<T>(
    key: string,
    open: () => Promise<Session>,
    job: (session: Session) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(key) ?? { session: open(), users: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await job(await entry.session);
    } catch (error) {
      // A session that could not be opened is tried again next time.
      await entry.session.catch(() => this.#forget(key, entry));
      throw error;
    } finally {
      entry.users--;
      await this.#shrink();
    }
  }

  /** Frees all sessions, those in use when their runs have ended. */
  async close(): Promise<void> {
    this.#capacity = 0;
    await this.#shrink();
  }

  async #shrink(): Promise<void> {
    const idle = [...this.#entries].filter(([, { users }]) => users === 0);
    const excess = idle.slice(0, Math.max(0, this.#entries.size - this.#capacity));
    for (const [key, entry] of excess) this.#forget(key, entry);
    await Promise.all(excess.map(async ([, { session }]) => (await session).dispose()));
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
