import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";

/** The command that makes a figure's images again. */
export function commandOf({ recipe }: GalleryFigure): string {
  const { image, guide, corpus } = recipe.inputs;
  const parts = [
    image && `--image ${pathOf(image.name)}`,
    guide && `--guide ${pathOf(guide.name)}`,
    corpus && `--images ${corpus.name.startsWith("scenes/") ? "scenes" : "<folder>"}`,
    ...Object.entries(recipe.options)
      .filter(([, value]) => value !== null && value !== "" && value !== false)
      .map(([name, value]) => value === true ? `--${name}` : `--${name} ${quoted(String(value))}`),
    "--backend wasm --raw",
  ].filter((part) => part !== undefined);
  const command = `deno task cli ${recipe.method} --model ${recipe.model.id} ${parts.join(" ")}`;
  const [, count] = /^scenes\/(\d+)$/.exec(corpus?.name ?? "") ?? [];
  return count ? `deno task glyphs --out scenes --count ${count}\n${command}` : command;
}

/** Where images of each source lie; those of `images/` are the maintainer's. */
const FOLDERS: Readonly<Record<string, string>> = {
  samples: "models/glyphnet/samples",
  drawings: "site/public/samples/scenes",
  images: "<folder>",
};

const pathOf = (name: string) => name.replace(/^\w+/, (source) => FOLDERS[source] ?? source);

const quoted = (text: string) => /^[\w.,:/-]+$/.test(text) ? text : `'${text}'`;
