import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { FIGURE_FOLDERS, readJson } from "./read_json.ts";

let all: readonly GalleryFigure[] | undefined;

/** Every figure, ordered by network, set and id. */
export function allFigures(): readonly GalleryFigure[] {
  return all ??= FIGURE_FOLDERS.filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /^[0-9a-f]{20}\.json$/.test(name))
        .map((name) => readJson<GalleryFigure>(join(folder, name)))
    )
    .sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
}

const keyOf = ({ recipe, set, id }: GalleryFigure) => `${recipe.model.id} ${set} ${id}`;

let bySet: ReadonlyMap<string, readonly GalleryFigure[]> | undefined;

/** The figures of a network that belong to a set. */
export function figuresOf(model: string, set: string): readonly GalleryFigure[] {
  bySet ??= Map.groupBy(allFigures(), (figure) => `${figure.recipe.model.id} ${figure.set}`);
  return bySet.get(`${model} ${set}`) ?? [];
}
