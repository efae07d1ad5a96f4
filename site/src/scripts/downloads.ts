import { drawFigure } from "../../../shared/figure/mod.ts";
import type { RunResult } from "../../../shared/api/mod.ts";

/** Offers everything in a result as files, in `list`. */
export function offerDownloads(list: HTMLElement, result: RunResult): void {
  for (const link of list.querySelectorAll("a")) URL.revokeObjectURL(link.href);
  const { figures, images, arrays, files: others, ...facts } = result;
  const json = new Blob([JSON.stringify(facts, null, 2)], { type: "application/json" });
  const files: [name: string, url: string][] = [
    ...Object.entries(figures).map(([name, figure]): [string, string] => [
      `${name}.svg`,
      URL.createObjectURL(new Blob([drawFigure(figure)], { type: "image/svg+xml" })),
    ]),
    ...Object.entries(images).map(([name, { url }]): [string, string] => [`${name}.png`, url]),
    ...Object.entries(arrays).map(([name, { url }]): [string, string] => [`${name}.npy`, url]),
    ...Object.entries(others).map(([name, { url }]): [string, string] => [name, url]),
    ["result.json", URL.createObjectURL(json)],
  ];
  list.replaceChildren(...files.map(([name, url]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.textContent = name;
    item.append(link);
    return item;
  }));
}
