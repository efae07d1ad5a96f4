type Message = { readonly from: string; readonly says: "here" | "idle" };

/**
 * The isolates of one process, which `deno serve --parallel` starts without telling one of the
 * other. Whichever exits ends the process, so all have to have ended their work.
 */
export class Isolates implements Disposable {
  readonly #own = crypto.randomUUID();
  readonly #channel = new BroadcastChannel(`convscope/isolates/${Deno.pid}`);
  readonly #busy = new Set<string>();
  readonly #idle = new Set<string>();
  readonly #allIdle = Promise.withResolvers<void>();

  constructor() {
    this.#busy.add(this.#own);
    this.#channel.onmessage = ({ data }) => this.#hear(data as Message);
    this.#say("here");
  }

  /** Settles when every isolate has said that it is idle. */
  get allIdle(): Promise<void> {
    return this.#allIdle.promise;
  }

  /** Tells the others that this one has nothing left to do. */
  sayIdle(): void {
    this.#say("idle");
    this.#hear({ from: this.#own, says: "idle" });
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }

  #hear({ from, says }: Message): void {
    if (says === "idle") {
      this.#busy.delete(from);
      this.#idle.add(from);
    } else if (!this.#busy.has(from) && !this.#idle.has(from)) {
      this.#busy.add(from);
      // A newcomer does not know who was there before.
      this.#say(this.#idle.has(this.#own) ? "idle" : "here");
    }
    if (this.#busy.size === 0) this.#allIdle.resolve();
  }

  #say(says: Message["says"]): void {
    this.#channel.postMessage({ from: this.#own, says } satisfies Message);
  }
}
