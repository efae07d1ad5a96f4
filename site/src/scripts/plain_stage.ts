import type { ImageLink, RunResult } from "../../../shared/api/mod.ts";
import { type FigureDocument, figureHtml } from "../../../shared/figure/mod.ts";
import { formatMeasure, inWords, measureLabel } from "../../../shared/methods/format_measure.ts";
import type { Json } from "../../../shared/contract/method.ts";

/** An image that is so many times wider than high takes the whole row. */
const WIDE = 1.4;

/** Shows the images and measures of any method. */
export class PlainStage {
  readonly #root: HTMLElement;
  /** Images of results are theirs; a preview's is this stage's, and goes with it. */
  #preview: HTMLImageElement | undefined;

  /** @param root What they are shown in. */
  constructor(root: HTMLElement) {
    this.#root = root;
  }

  hide(): void {
    this.#root.hidden = true;
    this.#replace();
  }

  /** The result as far as it stands. */
  preview(link: ImageLink): void {
    this.#root.hidden = false;
    if (this.#preview) {
      URL.revokeObjectURL(this.#preview.src);
      this.#preview.src = link.url;
    } else {
      const box = figure("Preview", link);
      this.#replace(box);
      this.#preview = box.querySelector("img")!;
    }
  }

  show({ figures, images, files, measures }: RunResult): void {
    const animations = Object.entries(files).filter(([name]) => name.endsWith(".webp"));
    this.#root.hidden = false;
    this.#replace(
      ...Object.entries(figures).map(([name, document]) =>
        drawing(document, `${this.#root.id}-${name}`)
      ),
      ...Object.entries(images).map(([name, link]) => figure(inWords(name), link)),
      ...animations.map(([name, { url }]) => figure(name, { url })),
      measureList(measures as { readonly [name: string]: Json }),
    );
  }

  #replace(...parts: readonly Element[]): void {
    if (this.#preview) URL.revokeObjectURL(this.#preview.src);
    this.#preview = undefined;
    this.#root.replaceChildren(...parts);
  }
}

function drawing(document: FigureDocument, name: string): Element {
  const template = globalThis.document.createElement("template");
  template.innerHTML = figureHtml(document, `${name}-`);
  return template.content.firstElementChild!;
}

function figure(caption: string, { url, width, height }: Partial<ImageLink> & { url: string }) {
  const box = document.createElement("figure");
  const image = document.createElement("img");
  image.src = url;
  image.alt = caption;
  if (width && height) {
    [image.width, image.height] = [width, height];
    box.classList.toggle("wide", width > WIDE * height);
  }
  const text = document.createElement("figcaption");
  text.className = "small muted";
  text.textContent = caption;
  box.append(image, text);
  return box;
}

function measureList(measures: { readonly [name: string]: Json }): HTMLElement {
  const list = document.createElement("dl");
  list.className = "measures";
  for (const [name, value] of Object.entries(measures)) {
    if (value === null) continue;
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = measureLabel(name);
    text.textContent = formatMeasure(name, value);
    row.append(term, text);
    list.append(row);
  }
  return list;
}
