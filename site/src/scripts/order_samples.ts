/**
 * Puts those samples first that are like what a network was trained on: glyphs for the project's own
 * networks, scenes for all others, most of which know photographs.
 *
 * @param network Its id.
 */
export function orderSamples(network: string): void {
  const knowsGlyphs = network.startsWith("glyphnet");
  for (const list of document.querySelectorAll(".samples")) {
    const items = [...list.children].map((item) => ({ item, isGlyph: isGlyph(item) }));
    // What is in its place already is not moved: the focus may be on it.
    if (items[0]?.isGlyph === knowsGlyphs) continue;
    list.append(...items.filter(({ isGlyph }) => isGlyph !== knowsGlyphs).map(({ item }) => item));
    list.scrollLeft = 0;
  }
}

const isGlyph = (item: Element): boolean =>
  item.querySelector<HTMLElement>("[data-sample]")?.dataset.sample?.includes("/glyphs/") ?? false;
