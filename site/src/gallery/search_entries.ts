import { bestModels, unitFigures } from "./choose.ts";
import { networks } from "./networks.ts";
import { classPath, fileUrl, layerPath, networkPath, unitPath } from "./paths.ts";

/** A page that can be searched for. */
export interface SearchEntry {
  readonly name: string;
  /** What kind of thing it is, and where. */
  readonly kind: string;
  readonly href: string;
  readonly image?: string;
}

/** Every network, layer, unit and class with a page. */
export function searchEntries(): SearchEntry[] {
  return networks().flatMap(({ id, title, layers, labels }) => [
    { name: title, kind: "network", href: networkPath(id) },
    ...bestModels(id).map((figure) => ({
      name: labels[figure.classIndex],
      kind: `class of ${title}`,
      href: classPath(id, figure.classIndex),
      image: imageOf(figure),
    })),
    ...layers.map(({ alias }) => ({
      name: alias,
      kind: `layer of ${title}`,
      href: layerPath(id, alias),
    })),
    ...layers.flatMap(({ alias }) =>
      unitFigures(id, alias).map((figure) => ({
        name: `${alias}:${figure.channel}`,
        kind: `unit of ${title}`,
        href: unitPath(id, alias, figure.channel),
        image: imageOf(figure),
      }))
    ),
  ]);
}

function imageOf(
  { images }: { images: Readonly<Record<string, { readonly file: string }>> },
) {
  const [first] = Object.values(images);
  return first && fileUrl(first.file);
}
