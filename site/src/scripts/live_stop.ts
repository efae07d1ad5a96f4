import type { RunResult } from "../../../shared/api/mod.ts";
import { type Backend, BACKEND_TITLES } from "../../../shared/runtime/backend.ts";
import { ApiError } from "./api.ts";
import { runLocally } from "./local/run_locally.ts";
import { PlainStage } from "./plain_stage.ts";

/** A stop of the tour that runs its method in the page. */
export class LiveStop {
  /** The reader's image. */
  image: Blob | undefined;
  readonly #method: string;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #cancel: HTMLButtonElement;
  readonly #bar: HTMLProgressElement;
  readonly #status: HTMLElement;
  readonly #stage: PlainStage;
  #running: AbortController | undefined;

  /**
   * @param root The stop's part of the page: a button for each run, and places for what comes of it.
   * @param network Id of the network that is chosen.
   */
  constructor(readonly root: HTMLElement, readonly network: () => string) {
    this.#method = root.dataset.method!;
    this.#buttons = [...root.querySelectorAll<HTMLButtonElement>("[data-options]")];
    this.#cancel = root.querySelector<HTMLButtonElement>(".cancel")!;
    this.#bar = root.querySelector("progress")!;
    this.#status = root.querySelector<HTMLElement>(".status")!;
    this.#stage = new PlainStage(root.querySelector<HTMLElement>(".plain-result")!);
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.run(button.dataset.options!));
    }
    this.#cancel.addEventListener("click", () => this.#running?.abort());
  }

  /** Shows its buttons: there is a network to run. */
  offer(): void {
    this.root.hidden = false;
  }

  /** Ends what runs, and takes away what is shown. */
  clear(): void {
    this.#running?.abort();
    this.#stage.hide();
    this.#status.textContent = "";
  }

  /** @param options Of the method, as a query. */
  async run(options: string): Promise<void> {
    this.#running?.abort();
    const own = this.#running = new AbortController();
    this.#setRunning(true);
    this.#status.textContent = "Getting ready …";
    try {
      const result = await this.#follow(options, own.signal);
      if (own !== this.#running || !result) return;
      this.#stage.show(result);
      const seconds = (result.milliseconds / 1000).toFixed(1);
      const title = BACKEND_TITLES[result.backend as Backend];
      this.#status.textContent = `Done in ${seconds} s on ${title}, in this browser.`;
    } catch (error) {
      if (own !== this.#running) return;
      this.#status.textContent = own.signal.aborted
        ? "Stopped."
        : error instanceof ApiError
        ? error.message
        : `Something went wrong on this page: ${error}`;
    } finally {
      if (own === this.#running) this.#setRunning(false);
    }
  }

  async #follow(options: string, signal: AbortSignal): Promise<RunResult | undefined> {
    const body = new FormData();
    for (const [name, value] of new URLSearchParams(options)) body.set(name, value);
    body.set("model", this.network());
    if (this.image) body.set("image", this.image);
    for await (const event of runLocally(this.#method, body, signal)) {
      if (event.type === "progress") {
        this.#bar.max = event.total;
        this.#bar.value = event.done;
        if (event.preview) this.#stage.preview(event.preview);
      } else if (event.type === "result") return event.result;
    }
  }

  #setRunning(running: boolean): void {
    this.#bar.hidden = !running;
    this.#bar.removeAttribute("value");
    this.#cancel.hidden = !running;
  }
}
