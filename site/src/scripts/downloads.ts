import { drawFigure } from "../../../shared/figure/mod.ts";
import type { RunResult } from "../../../shared/api/mod.ts";

/** The addresses of what was made for the list; the others are the result's own. */
let made: readonly string[] = [];

/** Offers everything in a result as files, in `list`. */
export function offerDownloads(list: HTMLElement, result: RunResult): void {
  made.forEach((url) => URL.revokeObjectURL(url));
  const { figures, images, arrays, files: others, ...facts } = result;
  const json = new Blob([JSON.stringify(facts, null, 2)], { type: "application/json" });
  const own: [name: string, url: string][] = [
    ...Object.entries(figures).map(([name, figure]): [string, string] => [
      `${name}.svg`,
      URL.createObjectURL(new Blob([drawFigure(figure)], { type: "image/svg+xml" })),
    ]),
    ["result.json", URL.createObjectURL(json)],
  ];
  made = own.map(([, url]) => url);
  const files: [name: string, url: string][] = [
    ...own.slice(0, -1),
    ...Object.entries(images).map(([name, { url }]): [string, string] => [`${name}.png`, url]),
    ...Object.entries(arrays).map(([name, { url }]): [string, string] => [`${name}.npy`, url]),
    ...Object.entries(others).map(([name, { url }]): [string, string] => [name, url]),
    ...own.slice(-1),
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

/** Gives back what a result holds; its images and files cannot be shown any more. */
export function freeResult({ images, arrays, files }: RunResult): void {
  for (const { url } of [images, arrays, files].flatMap((links) => Object.values(links))) {
    URL.revokeObjectURL(url);
  }
}
