import { BASE } from "../api.ts";
import { element } from "../element.ts";
import type { ChosenImage } from "../image_input.ts";
import { isFile } from "../local/network_store.ts";
import type { ChosenMethod } from "../method_choice.ts";
import { classOf } from "../model_choice.ts";
import { queryOf, type WorkbenchState } from "./address.ts";
import { commandOf, type CommandState, curlOf } from "./commands.ts";
import { changedOptions } from "./job_form.ts";

/** What the page looks at, and by what. */
interface Now {
  readonly method: ChosenMethod;
  readonly image: ChosenImage | undefined;
}

/** Keeps the address of the page to what it shows, and copies what makes the same elsewhere. */
export class PageAddress {
  readonly #network = element("model", HTMLSelectElement);
  readonly #target = element("target", HTMLInputElement);
  /** Whether what the address says has been run. */
  #isRun = false;

  /** @param say Told what was copied. */
  constructor(readonly now: () => Now, say: (text: string) => void) {
    const copies: Readonly<Record<string, readonly [name: string, text: () => string]>> = {
      "copy-link": ["link", () => location.href],
      "copy-command": ["command", () => commandOf(this.#commandState())],
      "copy-curl": ["request", () => curlOf(this.#commandState(), BASE || location.origin)],
    };
    for (const [id, [name, text]] of Object.entries(copies)) {
      element(id, HTMLButtonElement).addEventListener("click", async () => {
        await navigator.clipboard.writeText(text());
        say(`The ${name} is copied.`);
      });
    }
  }

  /** What was run keeps its entry in the history: the next change has another. */
  write(): void {
    const address = location.pathname + queryOf(this.#state());
    if (address === location.pathname + location.search) return;
    history[this.#isRun ? "pushState" : "replaceState"](null, "", address);
    this.#isRun = false;
  }

  /** What the address says is run. */
  ran(): void {
    this.#isRun = true;
  }

  #state(): WorkbenchState {
    const { method, image } = this.now();
    return {
      network: this.#network.value,
      method: method.id,
      target: method.hasTarget ? this.#target.value : "",
      sample: image?.isSample ? image.name : "",
      options: changedOptions(method.id),
    };
  }

  /** A command line knows no files of this browser: there, a network is named by its title. */
  #commandState(): CommandState {
    const { method, image } = this.now();
    const { network, target, ...state } = this.#state();
    return {
      ...state,
      network: isFile(network) ? `${this.#network.selectedOptions[0].text}.onnx` : network,
      target: classOf(target),
      image: method.takes.image ? image?.path ?? "image.jpg" : undefined,
    };
  }
}
