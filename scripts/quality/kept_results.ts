/** Results of scenes, in a file of a line each, so that a run that was stopped goes on where it was. */
export class KeptResults {
  readonly #known: Map<string, Readonly<Record<string, number>>>;

  private constructor(readonly path: string | undefined, lines: readonly string[]) {
    this.#known = new Map(lines.map((line) => JSON.parse(line)));
  }

  /** Keeps nothing beyond the process. */
  static get nothing(): KeptResults {
    return new KeptResults(undefined, []);
  }

  /** @param path A file that may not be there yet. */
  static async open(path: string): Promise<KeptResults> {
    const text = await Deno.readTextFile(path).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    // A line without an end was being written when the process ended.
    if (whole !== text) await Deno.writeTextFile(path, whole);
    return new KeptResults(path, whole.split("\n").slice(0, -1));
  }

  /** What is kept under a key, else what `make` finds, which is kept. */
  async find(
    key: string,
    make: () => Promise<Readonly<Record<string, number>>>,
  ): Promise<Readonly<Record<string, number>>> {
    const known = this.#known.get(key);
    if (known) return known;
    const made = await make();
    this.#known.set(key, made);
    if (this.path !== undefined) {
      await Deno.writeTextFile(this.path, JSON.stringify([key, made]) + "\n", { append: true });
    }
    return made;
  }
}
