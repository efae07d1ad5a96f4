import { drawPanel } from "./draw_panel.ts";
import type { DocumentLayer, FigureDocument, Panel } from "./figure.ts";
import { element, type Markup } from "./svg.ts";
import { THEMES } from "./theme.ts";

/**
 * A figure as HTML: an SVG for each panel, so that panels flow onto a phone, its text can be
 * selected, and its colours follow the page by their classes.
 *
 * @param prefix Of ids; different for each figure of a page.
 */
export function figureHtml(
  { title, caption, panels, columns }: FigureDocument,
  prefix: string,
): string {
  return element(
    "figure",
    { class: "figure" },
    element(
      "figcaption",
      {},
      element("strong", {}, title),
      element("span", {}, caption),
    ),
    element(
      "div",
      { class: columns === 2 ? "figure-panels in-pairs" : "figure-panels" },
      ...panels.map((panel, i) => svgOf(panel, `${prefix}${i}-`)),
    ),
  ).markup;
}

function svgOf(panel: Panel<DocumentLayer>, prefix: string): Markup {
  const { width, height, markup } = drawPanel(panel, { theme: THEMES.light, prefix });
  return element("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "group",
    "aria-label": panel.title,
    class: "figure-panel",
  }, { markup });
}
