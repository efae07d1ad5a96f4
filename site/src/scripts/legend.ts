import { colorAt } from "../../../shared/image/colormap.ts";
import { formatNumber } from "../../../shared/printable.ts";
import type { Legend } from "./map_views.ts";

const BAR = 256;

/** Shows in `place` what the colours mean. */
export function showLegend(place: HTMLElement, legend: Legend): void {
  place.replaceChildren(...("keys" in legend ? keys(legend) : scale(legend)));
}

function keys({ keys }: Extract<Legend, { keys: unknown }>): HTMLElement[] {
  const list = document.createElement("ul");
  for (const { color, label } of keys) {
    const item = document.createElement("li");
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = `rgb(${color})`;
    item.append(swatch, label);
    list.append(item);
  }
  return [list];
}

function scale({ colormap, range, caption }: Extract<Legend, { range: unknown }>): HTMLElement[] {
  const bar = document.createElement("canvas");
  bar.width = BAR;
  bar.height = 1;
  const context = bar.getContext("2d")!;
  for (let x = 0; x < BAR; x++) {
    context.fillStyle = `rgb(${colorAt(colormap, x / (BAR - 1))})`;
    context.fillRect(x, 0, 1, 1);
  }
  bar.setAttribute("aria-hidden", "true");
  const { min, max } = range;
  const numbers = document.createElement("p");
  numbers.className = "numbers";
  for (const value of [min, (min + max) / 2, max]) {
    const number = document.createElement("span");
    number.textContent = formatNumber(value);
    numbers.append(number);
  }
  const text = document.createElement("p");
  text.textContent = caption;
  return [bar, numbers, text];
}
