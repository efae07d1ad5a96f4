import type { Session } from "../runtime/mod.ts";
import { encodeModel, encodeTensor, type Model, withGraph } from "../onnx/mod.ts";
import { sha256 } from "../models/sha256.ts";

/** A session and about how much it holds. */
export interface OpenedSession {
  readonly session: Session;
  /** Of the ONNX file. */
  readonly bytes: number;
}

interface Entry {
  readonly opened: Promise<OpenedSession>;
  users: number;
  /** 0 until it is open. */
  bytes: number;
}

/**
 * Keeps the sessions that were used last. One that is in use is never freed: it goes when its last
 * run has ended.
 */
export class SessionCache {
  /** In order of use, the last used at the end. */
  readonly #entries = new Map<string, Entry>();
  #capacity: number;

  /** @param capacity Bytes that stay when no session is in use, beside the one used last. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Does `job` with the session of the model `digest`, which `open` opens if it is not there. */
  async use<T>(
    digest: string,
    open: () => Promise<OpenedSession>,
    job: (session: Session) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(digest) ?? this.#begin(open);
    this.#entries.delete(digest);
    this.#entries.set(digest, entry);
    entry.users++;
    try {
      const { session, bytes } = await entry.opened;
      entry.bytes = bytes;
      return await job(session);
    } catch (error) {
      // A session that could not be opened is tried again next time.
      await entry.opened.catch(() => this.#forget(digest, entry));
      throw error;
    } finally {
      entry.users--;
      await this.#shrink(1);
    }
  }

  /** Frees all sessions, those in use when their runs have ended. */
  async close(): Promise<void> {
    this.#capacity = -1;
    await this.#shrink(0);
  }

  #begin(open: () => Promise<OpenedSession>): Entry {
    // Room is made first, so that the old ones and the new one are never held at once.
    const opened = this.#shrink(0).then(open);
    opened.catch(() => {});
    return { opened, users: 0, bytes: 0 };
  }

  /** Frees what has not been used for longest, but the `least` last ones while it is open. */
  async #shrink(least: number): Promise<void> {
    const closed = this.#capacity < 0;
    let held = [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const freed: Entry[] = [];
    const all = [...this.#entries];
    for (const [digest, entry] of closed ? all : all.slice(0, all.length - least)) {
      if (held <= this.#capacity) break;
      if (entry.users > 0) continue;
      held -= entry.bytes;
      freed.push(entry);
      this.#forget(digest, entry);
    }
    await Promise.all(freed.map(async ({ opened }) => (await opened).session.dispose()));
  }

  #forget(digest: string, entry: Entry): void {
    if (this.#entries.get(digest) === entry) this.#entries.delete(digest);
  }
}

const digests = new WeakMap<object, Promise<string>>();

/**
 * Names a model by what it computes: SHA-256 of its graph and of its weights. Weights are hashed
 * once, however many models share them; so is a model.
 */
export function digestModel(model: Model): Promise<string> {
  return remembered(model, async () => {
    const weights: string[] = [];
    // One after the other: a tensor is written and copied to be hashed, and all at once would be
    // twice the file.
    for (const tensor of model.graph.initializer) {
      weights.push(await remembered(tensor, () => sha256(encodeTensor(tensor))));
    }
    const graph = await sha256(encodeModel(withGraph(model, { initializer: [] })));
    return await sha256(new TextEncoder().encode([graph, ...weights].join(" ")));
  });
}

function remembered(key: object, make: () => Promise<string>): Promise<string> {
  const digest = digests.get(key) ?? make();
  digests.set(key, digest);
  return digest;
}
