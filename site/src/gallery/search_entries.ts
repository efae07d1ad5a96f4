import type { NetworkSummary } from "../../../shared/gallery/network_summary.ts";
import { methods } from "../../../shared/methods/registry.ts";
import { bestModels, unitFigures } from "./choose.ts";
import { classesOfUnit } from "./class_effects.ts";
import { methodTitle } from "./titles.ts";
import { networks } from "./networks.ts";
import { classPath, fileUrl, layerPath, methodPath, networkPath, unitPath } from "./paths.ts";

/** A page that can be searched for. */
export interface SearchEntry {
  readonly name: string;
  /** What kind of thing it is, and where. */
  readonly kind: string;
  readonly href: string;
  readonly image?: string;
  /** Of a unit: labels of the classes it feeds most. */
  readonly feeds?: readonly string[];
}

/** Every method, and every network, layer, unit and class with a page. */
export function searchEntries(): SearchEntry[] {
  const named = methods.map(({ id }) => (
    { name: methodTitle(id), kind: "method", href: methodPath(id) }
  ));
  return [...named, ...networks().flatMap(entriesOf)];
}

function entriesOf(network: NetworkSummary): SearchEntry[] {
  const { id, title, layers, labels } = network;
  const feedsOf = (layer: string, channel: number) => {
    const feeds = classesOfUnit(network, layer, channel).map(({ index }) => labels[index]);
    return feeds.length > 0 && { feeds };
  };
  return [
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
        ...feedsOf(alias, figure.channel),
      }))
    ),
  ];
}

function imageOf(
  { images }: { images: Readonly<Record<string, { readonly file: string }>> },
) {
  const [first] = Object.values(images);
  return first && fileUrl(first.file);
}
