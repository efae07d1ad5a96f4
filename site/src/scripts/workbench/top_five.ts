import { formatMeasure } from "../../../../shared/methods/format_measure.ts";
import { shortLabel } from "../../../../shared/models/labels.ts";
import type { ProbableClass } from "../../../../shared/network/class_scores.ts";
import { element } from "../element.ts";

/** The most probable classes as bars; a bar that is chosen makes its class the target. */
export class TopFive {
  readonly #root = element("top-five", HTMLElement);

  constructor(readonly onTarget: (target: ProbableClass) => void) {}

  hide(): void {
    this.#root.hidden = true;
  }

  show(classes: readonly ProbableClass[]): void {
    this.#root.replaceChildren(...classes.map((found) => this.#bar(found)));
    this.#root.hidden = false;
  }

  #bar(found: ProbableClass): HTMLElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const name = document.createElement("span");
    const share = document.createElement("span");
    const bar = document.createElement("span");
    button.type = "button";
    name.textContent = shortLabel(found.label);
    share.textContent = formatMeasure("probability", found.probability);
    bar.className = "class-bar";
    bar.style.setProperty("inline-size", `${100 * found.probability}%`);
    button.append(name, share, bar);
    button.addEventListener("click", () => this.onTarget(found));
    item.append(button);
    return item;
  }
}
