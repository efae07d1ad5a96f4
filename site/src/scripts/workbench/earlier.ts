import type { RunResult } from "../../../../shared/api/mod.ts";
import { drawFigure } from "../../../../shared/figure/mod.ts";
import { freeResult } from "../downloads.ts";
import { element } from "../element.ts";
import { Comparison } from "./comparison.ts";
import type { ResultSource } from "./result_source.ts";

/** Results that stay in the strip; older ones go. */
const MOST = 12;

interface Earlier {
  readonly result: RunResult;
  readonly source: ResultSource;
  readonly title: string;
  /** Of its first figure. */
  readonly url: string;
  readonly item: HTMLElement;
}

/**
 * The strip of earlier results. One of them can be pinned: it then stands beside whatever is shown,
 * with the rank correlation of the two maps.
 */
export class EarlierResults {
  readonly #list = element("earlier", HTMLOListElement);
  readonly #box = element("pinned", HTMLElement);
  readonly #figure = element("pinned-figure", HTMLImageElement);
  readonly #text = element("pinned-text", HTMLElement);
  readonly #comparison = new Comparison();
  readonly #all: Earlier[] = [];
  #pinned: Earlier | undefined;
  #shown: RunResult | undefined;

  /** @param onShow Asked to show an earlier result again. */
  constructor(readonly onShow: (result: RunResult, source: ResultSource) => void) {
    element("unpin", HTMLButtonElement).addEventListener("click", () => this.#pin(undefined));
  }

  /** Puts a result into the strip, as the one that is shown. */
  add(result: RunResult, source: ResultSource): void {
    this.#shown = result;
    const [first] = Object.values(result.figures);
    if (first) {
      const svg = new Blob([drawFigure(first)], { type: "image/svg+xml" });
      const url = URL.createObjectURL(svg);
      const item = document.createElement("li");
      const entry: Earlier = { result, source, title: first.title, url, item };
      this.#dropSame(entry);
      this.#fill(entry);
      this.#all.unshift(entry);
      this.#list.prepend(entry.item);
      for (const old of this.#all.splice(MOST)) this.#drop(old);
      this.#list.hidden = false;
    }
    this.#compare();
  }

  /** Of the same run, the strip has the last result. */
  #dropSame(entry: Earlier): void {
    const at = this.#all.findIndex((other) => isSameRun(other, entry));
    if (at >= 0) this.#all.splice(at, 1).forEach((old) => this.#drop(old));
  }

  /** What is pinned stays until it is unpinned. */
  #drop(entry: Earlier): void {
    entry.item.remove();
    if (entry === this.#pinned) return;
    URL.revokeObjectURL(entry.url);
    freeResult(entry.result);
  }

  #fill(entry: Earlier): void {
    const show = document.createElement("button");
    const image = document.createElement("img");
    const pin = document.createElement("button");
    show.type = pin.type = "button";
    image.src = entry.url;
    image.alt = "";
    show.append(image, entry.title);
    show.addEventListener("click", () => {
      this.#shown = entry.result;
      this.onShow(entry.result, entry.source);
      this.#compare();
    });
    pin.textContent = "Pin";
    pin.ariaLabel = `Pin ${entry.title} to compare`;
    pin.addEventListener("click", () => this.#pin(entry));
    entry.item.append(show, pin);
  }

  #pin(entry: Earlier | undefined): void {
    const last = this.#pinned;
    this.#pinned = entry;
    if (last && last !== entry && !this.#all.includes(last)) this.#drop(last);
    this.#box.hidden = entry === undefined;
    if (!entry) return this.#comparison.hide();
    this.#figure.src = entry.url;
    this.#figure.alt = `Pinned: ${entry.title}`;
    this.#compare();
  }

  async #compare(): Promise<void> {
    const [pinned, shown] = [this.#pinned, this.#shown];
    if (!pinned) return;
    this.#text.textContent = `Pinned: ${pinned.title}.`;
    this.#comparison.hide();
    this.#figure.hidden = false;
    if (!shown || shown === pinned.result) return;
    // The server keeps results for a while only.
    const value = await this.#comparison.show(pinned.result, shown).catch(() => undefined);
    if (this.#pinned !== pinned || this.#shown !== shown) return;
    this.#figure.hidden = this.#comparison.isShown;
    if (value === undefined) return;
    this.#text.textContent += ` Rank correlation with the map that is shown: ${value.toFixed(2)} ` +
      "(1: the same order of places, 0: none).";
  }
}

function isSameRun(a: Earlier, b: Earlier): boolean {
  const [one, other] = [a, b].map(({ result, source, title }) => {
    const { method, modelSha256, options, backend } = result;
    return JSON.stringify([
      ...[method, modelSha256, options, backend, title],
      ...[source.model.manifest.input, source.fitting],
    ]);
  });
  return one === other && a.source.image === b.source.image && a.source.guide === b.source.guide;
}
