import { InputError } from "../../errors.ts";
import type { Network } from "../../network/network.ts";
import type { StyleOptions } from "./options.ts";

const COUNT = 5;

/** Share of the feature maps, from the first, that a style is taken from; deeper ones know objects. */
const DEPTH = 0.6;

/** The tensors that carry content and style. */
export interface StyleLayers {
  readonly content: string;
  readonly styles: readonly string[];
}

/**
 * The layers that a person names, or chosen ones: the content from the middle of the feature maps,
 * the style from up to five, evenly over the shallow ones.
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
    throw new InputError(
      `Cannot choose layers of ${network.id}: it has no feature maps; name them`,
    );
  }
  const shallow = maps.slice(0, Math.ceil(DEPTH * maps.length));
  const count = Math.min(COUNT, shallow.length);
  const spread = Array.from(
    { length: count },
    (_, i) => shallow[Math.round(i * (shallow.length - 1) / Math.max(1, count - 1))],
  );
  const named = styles === "auto"
    ? spread
    : [...new Set(styles.split(",").map((name) => network.resolveLayer(name.trim())))];
  const flat = named.find((tensor) => !isMap(tensor));
  if (flat !== undefined) {
    throw new InputError(
      `Cannot take a style from "${flat}": it has no positions, expected a layer of feature maps`,
    );
  }
  return {
    content: content === "auto" ? maps[Math.floor(maps.length / 2)] : network.resolveLayer(content),
    styles: named,
  };
}
