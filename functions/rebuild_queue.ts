import { join } from "node:path";
import { FINAL_STATES, type RebuildJob } from "../shared/api/mod.ts";

/** Rebuilds that are remembered. */
const KEPT = 50;

const CANCEL = ".cancel";

/** Ending of a file that is not finished. */
const PART = ".part";

/** Milliseconds after which nobody is still writing a file. */
const OLD_MS = 60_000;

/**
 * Rebuilds as files of a folder, one each: whoever serves only writes them there, and the process
 * that may run builds takes them. So they outlive both.
 */
export class RebuildQueue {
  constructor(readonly folder: string) {}

  async add(requested: Pick<RebuildJob, "models" | "sets">): Promise<RebuildJob> {
    const created = new Date().toISOString();
    const id = `${created.replaceAll(/\D/g, "")}-${crypto.randomUUID().slice(0, 8)}`;
    const job: RebuildJob = { id, state: "queued", ...requested, created, lines: [] };
    await Deno.mkdir(this.folder, { recursive: true });
    await this.write(job);
    await this.#forget();
    return job;
  }

  /** Undefined if there is none of that id. */
  async read(id: string): Promise<RebuildJob | undefined> {
    if (!/^\d{17}-[0-9a-f]{8}$/.test(id)) return undefined;
    try {
      return JSON.parse(await Deno.readTextFile(join(this.folder, `${id}.json`)));
    } catch (error) {
      // A file that a power cut has cut short is none.
      if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** All, the oldest first. */
  async list(): Promise<RebuildJob[]> {
    const jobs = await Promise.all((await this.#ids()).map((id) => this.read(id)));
    return jobs.filter((job) => job !== undefined);
  }

  /** Nobody ever reads a half-written one. */
  async write(job: RebuildJob): Promise<void> {
    const path = join(this.folder, `${job.id}.json`);
    const part = `${path}.${crypto.randomUUID()}${PART}`;
    try {
      await Deno.writeTextFile(part, JSON.stringify(job));
      await Deno.rename(part, path);
    } catch (error) {
      await Deno.remove(part).catch(() => {});
      throw error;
    }
  }

  /** Asks for an end; a rebuild that has ended is not touched. */
  async cancel(job: RebuildJob): Promise<void> {
    await Deno.writeTextFile(join(this.folder, `${job.id}${CANCEL}`), "");
  }

  async isCancelled({ id }: RebuildJob): Promise<boolean> {
    const file = await Deno.stat(join(this.folder, `${id}${CANCEL}`)).catch(() => undefined);
    return file !== undefined;
  }

  async #ids(): Promise<string[]> {
    const ids: string[] = [];
    try {
      for await (const { name } of Deno.readDir(this.folder)) {
        if (name.endsWith(".json")) ids.push(name.slice(0, -".json".length));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return ids.sort();
  }

  async #forget(): Promise<void> {
    const ended = (await this.list()).filter(({ state }) => FINAL_STATES.includes(state));
    for (const { id } of ended.slice(0, -KEPT)) {
      for (const ending of [".json", CANCEL]) {
        await Deno.remove(join(this.folder, `${id}${ending}`)).catch(() => {});
      }
    }
    await this.#sweep();
  }

  /** Removes what was being written when a process was killed. */
  async #sweep(): Promise<void> {
    for await (const { name } of Deno.readDir(this.folder)) {
      if (!name.endsWith(PART)) continue;
      const path = join(this.folder, name);
      const changed = (await Deno.stat(path).catch(() => undefined))?.mtime?.getTime();
      if (changed !== undefined && changed < Date.now() - OLD_MS) {
        await Deno.remove(path).catch(() => {});
      }
    }
  }
}
