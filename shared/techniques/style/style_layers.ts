import type { Network } from "../network.ts";
import type { StyleOptions } from "./options.ts";

const COUNT = 5;

/** The tensors that carry content and style. */
export interface StyleLayers {
  readonly content: string;
  readonly styles: readonly string[];
}

/**
 * The layers that a person names, or chosen ones: the content from the middle of the feature maps,
 * the style from five, evenly from the first to the last.
 *
 * @throws {RangeError} If there is no such layer, or none with positions.
 */
export function styleLayers(
  network: Network,
  { content, styles }: Pick<StyleOptions, "content" | "styles">,
): StyleLayers {
  const isMap = (tensor: string) => {
    const dims = network.facts.get(tensor)?.dims;
    return dims?.length === 4 && dims[2] * dims[3] > 1;
  };
  const maps = network.layers.map(({ tensor }) => tensor).filter(isMap);
  if (maps.length === 0 && [content, styles].includes("auto")) {
    throw new RangeError(
      `Cannot choose layers of ${network.id}: it has no feature maps; name them`,
    );
  }
  const spread = Array.from(
    { length: Math.min(COUNT, maps.length) },
    (_, i, last = Math.min(COUNT, maps.length) - 1) =>
      maps[Math.round(i * (maps.length - 1) / Math.max(1, last))],
  );
  const named = styles === "auto"
    ? spread
    : [...new Set(styles.split(",").map((name) => network.resolveLayer(name.trim())))];
  const flat = named.find((tensor) => !isMap(tensor));
  if (flat !== undefined) {
    throw new RangeError(
      `Cannot take a style from "${flat}": it has no positions, expected a layer of feature maps`,
    );
  }
  return {
    content: content === "auto" ? maps[Math.floor(maps.length / 2)] : network.resolveLayer(content),
    styles: named,
  };
}
