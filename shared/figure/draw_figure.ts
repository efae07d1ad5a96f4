import { drawPanel, headHeight } from "./draw_panel.ts";
import type { FigureDocument } from "./figure.ts";
import { element, type Markup } from "./svg.ts";
import { breakLines } from "./text.ts";
import { FONTS, type ThemeName, THEMES } from "./theme.ts";

const MARGIN = 24;
const GAP = 28;
const TITLE = 19;
const CAPTION = 14;
const LEADING = 1.4;
const MOST_COLUMNS = 3;

/** In a rule that resvg leaves out: it takes this value for a smooth one. */
const PIXELATED =
  "@supports (image-rendering:pixelated){.figure-pixelated{image-rendering:pixelated}}";

export interface DrawOptions {
  /** @default "light" */
  readonly theme?: ThemeName;
}

/** A figure as an SVG file of its own, with real text; panels side by side, row by row. */
export function drawFigure(
  figure: FigureDocument,
  { theme: name = "light" }: DrawOptions = {},
): string {
  const theme = THEMES[name];
  const shared = sharedImages(figure);
  const columns = figure.columns ?? columnsFor(figure.panels.length);
  const panels = figure.panels.map((panel, i) => {
    const first = i - i % columns;
    const side = figure.panels.slice(first, first + columns);
    const head = Math.max(...side.map(headHeight));
    return drawPanel(panel, { theme, prefix: `p${i}-`, shared, head });
  });
  const used = Math.max(1, Math.min(columns, panels.length));
  const column = Math.max(...panels.map(({ width }) => width));
  const inner = used * column + (used - 1) * GAP;
  const parts: Markup[] = [];
  let y = MARGIN;
  const write = (text: string, size: number, isTitle: boolean) => {
    for (const line of breakLines(text, size, inner, isTitle)) {
      y += size * LEADING;
      parts.push(element("text", {
        x: MARGIN,
        y: y - size * (LEADING - 1),
        "font-size": size,
        "font-weight": isTitle ? 600 : undefined,
        fill: isTitle ? theme.text : theme.muted,
      }, line));
    }
  };
  write(figure.title, TITLE, true);
  write(figure.caption, CAPTION, false);
  y += y > MARGIN ? GAP - 8 : 0;
  for (let row = 0; row < panels.length; row += columns) {
    const side = panels.slice(row, row + columns);
    for (const [i, { markup }] of side.entries()) {
      const x = MARGIN + i * (column + GAP);
      parts.push(element("g", { transform: `translate(${x} ${y})` }, { markup }));
    }
    y += Math.max(...side.map(({ height }) => height)) + GAP;
  }
  const [width, height] = [inner + 2 * MARGIN, Math.ceil(y - GAP + MARGIN)];
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      "font-family": FONTS,
    },
    element("title", {}, figure.title),
    element("style", {}, PIXELATED),
    element(
      "defs",
      {},
      ...[...shared].map(([href, id]) =>
        element("image", { id, href, width: 1, height: 1, preserveAspectRatio: "none" })
      ),
    ),
    element("rect", { width, height, fill: theme.ground }),
    ...parts,
  ).markup + "\n";
}

/** Ids for the images that stand in more than one panel, such as the source. */
function sharedImages({ panels }: FigureDocument): Map<string, string> {
  const hrefs = panels.flatMap(({ layers }) =>
    layers.flatMap((layer) => layer.kind === "encoded" ? [layer.href] : [])
  );
  const repeated = hrefs.filter((href, i) => hrefs.indexOf(href) < i);
  return new Map([...new Set(repeated)].map((href, i) => [href, `image-${i}`]));
}

/** One row where that is not too wide, else as square as can be. */
function columnsFor(count: number): number {
  return count === 4 ? 2 : Math.min(MOST_COLUMNS, count);
}
