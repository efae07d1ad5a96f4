import { element } from "../element.ts";
import { foldLayers, type Layer, type LayerItem } from "./fold_layers.ts";

/** Fewer layers than this are seen at once. */
const UNFOLDED = 40;

/** "64 × 56 × 56" of [1, 64, 56, 56]; empty where a shape is not known. */
const shapeOf = ({ dims }: Layer): string => dims?.slice(1).join(" × ") ?? "";

/**
 * The list of a network's feature maps, which opens beside any field that takes a layer: searchable,
 * with shapes, folded by their names.
 */
export class LayerPicker {
  readonly #popover = element("layer-picker", HTMLElement);
  readonly #search = element("layer-search", HTMLInputElement);
  readonly #list = element("layer-list", HTMLElement);
  #layers: readonly Layer[] = [];
  #field: HTMLInputElement | undefined;

  /** @param describe Asked for the layers with their shapes, where these are not known yet. */
  constructor(readonly describe: () => Promise<readonly Layer[]>) {
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-picks]")) {
      button.addEventListener("click", () => {
        this.#field = element(button.dataset.picks!, HTMLInputElement);
        this.#search.value = "";
        this.#fill();
        this.#popover.showPopover();
        this.#search.focus();
        this.#complete();
      });
    }
    this.#search.addEventListener("input", () => this.#fill());
  }

  setLayers(layers: readonly Layer[]): void {
    this.#layers = layers;
  }

  /** Shapes come when they are there; without them the list is as good. */
  async #complete(): Promise<void> {
    const shown = this.#layers;
    if (shown.every(({ dims }) => dims !== undefined)) return;
    const described = await this.describe().catch(() => shown);
    if (this.#layers !== shown) return;
    this.#layers = described;
    this.#fill();
  }

  #fill(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#layers.filter(({ alias }) => alias.toLowerCase().includes(wanted));
    const isOpen = wanted !== "" || this.#layers.length < UNFOLDED;
    this.#list.replaceChildren(...foldLayers(found).map((item) => this.#item(item, isOpen)));
    if (found.length === 0) this.#list.textContent = "No layer of that name.";
  }

  #item(item: LayerItem, isOpen: boolean): HTMLElement {
    if (!("items" in item)) return this.#button(item);
    const box = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = item.name;
    box.open = isOpen;
    box.append(summary, ...item.items.map((inner) => this.#item(inner, isOpen)));
    return box;
  }

  #button(layer: Layer): HTMLElement {
    const button = document.createElement("button");
    const shape = document.createElement("span");
    button.type = "button";
    shape.className = "muted";
    shape.textContent = shapeOf(layer);
    button.append(layer.alias, shape);
    button.addEventListener("click", () => {
      const field = this.#field!;
      field.value = field.dataset.takes === "unit" ? `${layer.alias}:0` : layer.alias;
      this.#popover.hidePopover();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  }
}
