import type { ModelDetails } from "../../../../shared/api/mod.ts";

export type Layer = ModelDetails["layers"][number];

/** Layers whose names begin alike. */
export interface LayerGroup {
  /** The part of the name that they share. */
  readonly name: string;
  readonly items: readonly LayerItem[];
}

export type LayerItem = Layer | LayerGroup;

/**
 * Folds layers by the hierarchy that exporters write into their names, "/features/3/Conv" or
 * "layer1.0.conv2", in the order of the graph. A group of a single layer is no group.
 */
export function foldLayers(layers: readonly Layer[], depth = 0): LayerItem[] {
  const folded = Map.groupBy(layers, (layer) => {
    const parts = partsOf(layer.alias);
    return parts.length > depth + 1 ? parts[depth] : layer;
  });
  return [...folded].flatMap(([name, members]): LayerItem[] => {
    if (typeof name !== "string" || members.length === 1) return members;
    const items = foldLayers(members, depth + 1);
    const [only] = items;
    return items.length === 1 && "items" in only
      ? [{ name: `${name}/${only.name}`, items: only.items }]
      : [{ name, items }];
  });
}

const partsOf = (alias: string): string[] => alias.split(/[/.]/).filter((part) => part !== "");
