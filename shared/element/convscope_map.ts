import type { MethodResult } from "../contract/method.ts";
import type { FigureDocument } from "../figure/figure.ts";
import { figureHtml } from "../figure/figure_html.ts";
import { readFigure } from "./read_figure.ts";
import { MAP_STYLES } from "./map_styles.ts";

/** How far a run is: the detail of a `progress` event. */
export interface MapProgress {
  readonly done: number;
  readonly total: number;
  /** What the steps are: "positions", "iterations". */
  readonly unit: string;
}

/** What is shown: the detail of a `result` event. */
export interface MapResult {
  readonly figure: FigureDocument;
  /** What the method found; undefined where a document is shown. */
  readonly result?: MethodResult;
}

const ATTRIBUTES = [
  "src",
  "figure",
  "method",
  "image",
  "model",
  "manifest",
  "labels",
  "options",
  "label",
] as const;

type AttributeName = typeof ATTRIBUTES[number];

let count = 0;

/**
 * `<convscope-map>`: shows a figure document, or runs a method in the page and shows its figure.
 *
 * - `src`: address of a figure document, or of a result with `figures`.
 * - `method`, `model` (address of an ONNX file), `image` (address of an image) and `options`
 *   (`target=top-1&layer=conv3`): what is run instead.
 * - `manifest`, `labels`: addresses of what has to be known of the network beside its file.
 * - `figure`: which figure of a result is shown, by default its first.
 * - `label`: what a screen reader says of it, by default the figure's title and caption.
 *
 * It sends `progress`, `result` and `error`; the detail of an error is an `Error`. A change of an
 * attribute ends what runs, and begins anew.
 */
export class ConvscopeMap extends HTMLElement {
  static readonly observedAttributes: readonly string[] = ATTRIBUTES;
  readonly #root: ShadowRoot = this.attachShadow({ mode: "open" });
  readonly #prefix: string = `convscope-map-${count++}-`;
  #running: AbortController | undefined;
  #isAsked = false;

  constructor() {
    super();
    const styles = new CSSStyleSheet();
    styles.replaceSync(MAP_STYLES);
    this.#root.adoptedStyleSheets = [styles];
  }

  connectedCallback(): void {
    this.#ask();
  }

  disconnectedCallback(): void {
    this.#running?.abort();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.#ask();
  }

  /** Once, however many attributes are set in one go. */
  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    queueMicrotask(() => {
      this.#isAsked = false;
      if (this.isConnected) void this.#show();
    });
  }

  async #show(): Promise<void> {
    this.#running?.abort();
    const running = this.#running = new AbortController();
    const { signal } = running;
    try {
      const shown = await this.#find(signal);
      signal.throwIfAborted();
      if (!shown) return this.#root.replaceChildren();
      this.#draw(shown.figure);
      this.#send("result", shown);
    } catch (error) {
      if (signal.aborted) return;
      const fault = error instanceof Error ? error : new Error(String(error));
      this.#say("alert", fault.message);
      this.#send("error", fault);
    } finally {
      if (this.#running === running) this.removeAttribute("aria-busy");
    }
  }

  /** Undefined where nothing is asked for yet. */
  async #find(signal: AbortSignal): Promise<MapResult | undefined> {
    const [src, method, name] = this.#read("src", "method", "figure");
    if (src !== undefined) {
      this.setAttribute("aria-busy", "true");
      return { figure: await readFigure(new URL(src, document.baseURI), { name, signal }) };
    }
    if (method === undefined) return undefined;
    this.setAttribute("aria-busy", "true");
    this.#say("status", "Loading the network");
    const [model, manifest, labels] = this.#read("model", "manifest", "labels");
    const [image, options] = this.#read("image", "options");
    // Not before something is run: it brings ONNX Runtime with it.
    const { runOnUrls } = await import("./run_on_urls.ts");
    const onProgress = (progress: MapProgress) => {
      this.#say("status", `${progress.done} of ${progress.total} ${progress.unit}`);
      this.#send("progress", progress);
    };
    const network = { model, manifest, labels };
    const job = { method, image, options: new URLSearchParams(options) };
    return await runOnUrls({ ...network, ...job }, { name, signal, onProgress });
  }

  #read(...names: AttributeName[]): (string | undefined)[] {
    return names.map((name) => this.getAttribute(name) ?? undefined);
  }

  #draw(figure: FigureDocument): void {
    const template = document.createElement("template");
    template.innerHTML = figureHtml(figure, this.#prefix);
    const panels = template.content.querySelector(".figure-panels")!;
    const label = this.getAttribute("label") ?? `${figure.title}. ${figure.caption}`;
    panels.setAttribute("role", "img");
    panels.setAttribute("aria-label", label);
    panels.setAttribute("part", "panels");
    template.content.querySelector("figcaption")!.setAttribute("part", "caption");
    this.#root.replaceChildren(template.content);
  }

  #say(role: "status" | "alert", text: string): void {
    let line = this.#root.querySelector(`[role=${role}]`);
    if (!line) {
      line = document.createElement("p");
      line.setAttribute("role", role);
      line.setAttribute("part", role);
      this.#root.replaceChildren(line);
    }
    line.textContent = text;
  }

  #send(type: "progress" | "result" | "error", detail: MapProgress | MapResult | Error): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Makes `<convscope-map>` known to the page; once is enough. */
export function defineMap(): void {
  if (!customElements.get("convscope-map")) customElements.define("convscope-map", ConvscopeMap);
}
