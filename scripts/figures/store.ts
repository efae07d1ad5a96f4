import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesOf, type GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import { cannotWrite } from "../cli/write_files.ts";
import { DamagedFigureError } from "./damaged_figure_error.ts";

/** Minutes after which nobody is still writing a figure. */
const OLD_MINUTES = 10;

/** Ending of a file that is not finished. */
const PART = ".part";

/**
 * A folder of figures: `<id>.json`, and the files that it names as `<id>.<name>.<ending>`. The JSON
 * is written last, so a figure is there as soon as its JSON is; anything else is left over.
 */
export class FigureStore {
  constructor(readonly folder: string) {}

  has(id: string): boolean {
    return existsSync(join(this.folder, `${id}.json`));
  }

  /**
   * @throws {Deno.errors.NotFound} If it is not there.
   * @throws {DamagedFigureError} If the file is not the JSON of this figure.
   */
  async read(id: string): Promise<GalleryFigure> {
    const path = join(this.folder, `${id}.json`);
    const text = await Deno.readTextFile(path);
    let figure: GalleryFigure;
    try {
      figure = JSON.parse(text);
    } catch (error) {
      throw new DamagedFigureError(path, (error as Error).message);
    }
    if (figure?.id !== id) throw new DamagedFigureError(path, `it is not the figure ${id}`);
    return figure;
  }

  /**
   * Why what is there has to be made again: its JSON is damaged, or a file of it is missing or of
   * another size. Undefined if it is whole, or not there at all.
   */
  async faultOf(id: string): Promise<string | undefined> {
    if (!this.has(id)) return undefined;
    try {
      for (const { file, bytes } of filesOf(await this.read(id))) {
        const path = join(this.folder, file);
        const size = (await Deno.stat(path).catch(ignoreMissing))?.size;
        if (size === undefined) return `Cannot read ${path}: it is missing`;
        if (size !== bytes) return `Cannot read ${path}: it has ${size} bytes, expected ${bytes}`;
      }
    } catch (error) {
      if (error instanceof DamagedFigureError) return error.message;
      throw error;
    }
  }

  async readFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return await Deno.readFile(join(this.folder, name));
  }

  async write(figure: GalleryFigure, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await Deno.mkdir(this.folder, { recursive: true }).catch((cause) => {
      throw cannotWrite(this.folder, cause);
    });
    for (const [name, bytes] of files) await this.#writeFile(name, bytes);
    const text = `${JSON.stringify(figure)}\n`;
    await this.#writeFile(`${figure.id}.json`, new TextEncoder().encode(text));
  }

  /** Ids of all figures, sorted. */
  async list(): Promise<string[]> {
    const names = await this.#names();
    return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -5)).sort();
  }

  /**
   * Removes what a killed run left: unfinished files, and files that no figure names.
   *
   * @param minutes Younger files may be those of another process that is writing them.
   * @returns The names of what was removed.
   */
  async sweep(minutes = OLD_MINUTES): Promise<string[]> {
    const newest = Date.now() - minutes * 60_000;
    const ids = new Set(await this.list());
    const left: string[] = [];
    for (const name of await this.#names()) {
      if (!name.endsWith(PART) && ids.has(name.split(".")[0])) continue;
      const path = join(this.folder, name);
      if ((await Deno.stat(path)).mtime!.getTime() > newest) continue;
      await Deno.remove(path);
      left.push(name);
    }
    return left;
  }

  /**
   * Removes a figure, which may be damaged: the JSON first, so that a kill in between leaves only
   * what is swept.
   */
  async remove(id: string): Promise<void> {
    await Deno.remove(join(this.folder, `${id}.json`));
    for (const name of await this.#names()) {
      if (name.split(".")[0] !== id) continue;
      await Deno.remove(join(this.folder, name)).catch(ignoreMissing);
    }
  }

  async #names(): Promise<string[]> {
    if (!existsSync(this.folder)) return [];
    const names: string[] = [];
    for await (const entry of Deno.readDir(this.folder)) if (entry.isFile) names.push(entry.name);
    return names.filter((name) => /^[0-9a-f]{20}\./.test(name));
  }

  /** Two processes may write the same figure: each has a part of its own, and the bytes are alike. */
  async #writeFile(name: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.folder, name);
    const part = `${path}.${crypto.randomUUID()}${PART}`;
    try {
      await Deno.writeFile(part, bytes);
      await Deno.rename(part, path);
    } catch (error) {
      // The disk may be full; what is left over would keep it so.
      await Deno.remove(part).catch(ignoreMissing);
      throw cannotWrite(path, error);
    }
  }
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
