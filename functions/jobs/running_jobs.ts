type Message = { readonly says: "cancel" | "cancelled"; readonly id: string };

/** Milliseconds that the other isolates have to say that a job was theirs. */
const ANSWER_MS = 1000;

/**
 * The jobs of this isolate by their ids. A request to cancel one may reach another isolate of the
 * process than the job did, so isolates tell each other.
 */
export class RunningJobs implements Disposable {
  readonly #own = new Map<string, AbortController>();
  readonly #asked = new Map<string, () => void>();
  readonly #channel = new BroadcastChannel(`convscope/jobs/${Deno.pid}`);

  constructor() {
    this.#channel.onmessage = ({ data }) => this.#hear(data as Message);
  }

  /** Gives a job an id. @returns Its signal is aborted when the job is cancelled; dispose at its end. */
  add(): Disposable & { readonly id: string; readonly signal: AbortSignal } {
    const id = crypto.randomUUID();
    const controller = new AbortController();
    this.#own.set(id, controller);
    return { id, signal: controller.signal, [Symbol.dispose]: () => this.#own.delete(id) };
  }

  /** Cancels a job of any isolate. @returns Whether there is one of that id. */
  async cancel(id: string): Promise<boolean> {
    if (this.#abort(id)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#asked.set(id, () => resolve(true));
    const timer = setTimeout(() => resolve(false), ANSWER_MS);
    this.#say({ says: "cancel", id });
    const isFound = await promise;
    clearTimeout(timer);
    this.#asked.delete(id);
    return isFound;
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }

  #abort(id: string): boolean {
    this.#own.get(id)?.abort();
    return this.#own.has(id);
  }

  #hear({ says, id }: Message): void {
    if (says === "cancelled") this.#asked.get(id)?.();
    else if (this.#abort(id)) this.#say({ says: "cancelled", id });
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }
}
