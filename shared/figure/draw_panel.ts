import { colorBar } from "./color_bar.ts";
import { drawLayer } from "./draw_layer.ts";
import type { DocumentLayer, LegendEntry, Panel } from "./figure.ts";
import { element, type Markup } from "./svg.ts";
import { breakLines, fitText, textWidth } from "./text.ts";
import { FONTS, type Theme, THEMES } from "./theme.ts";

/** CSS pixels. */
export const PANEL_WIDTH = 360;
/** Of a panel whose width is not said. */
const MOST_HEIGHT = 450;
const TITLE = 15;
const TEXT = 13;
const LEADING = 1.4;
const GAP = 10;
const LEGEND_ROW = 20;

export interface DrawnPanel extends Markup {
  readonly width: number;
  readonly height: number;
}

/** What the panels of a document share. */
export interface PanelScope {
  readonly theme: Theme;
  /** Of ids; different for each panel of a document. */
  readonly prefix: string;
  /** Ids of images that the document defines once, by their address. @default none */
  readonly shared?: ReadonlyMap<string, string>;
  /** Height of title and text, so that panels side by side begin at one line. @default what they take */
  readonly head?: number;
}

/** CSS pixels a unit of the panel; of a tall image so many that its figure still fits a screen. */
function scaleOf({ width, height, drawnWidth }: Panel<DocumentLayer>): number {
  if (drawnWidth !== undefined) return drawnWidth / width;
  return Math.min(PANEL_WIDTH / width, MOST_HEIGHT / height);
}

/** Height of a panel's title and text, with the gap below. */
export function headHeight(
  { title, text, drawnWidth = PANEL_WIDTH }: Panel<DocumentLayer>,
): number {
  const titles = breakLines(title, TITLE, drawnWidth, true).length;
  const texts = breakLines(text, TEXT, drawnWidth).length;
  return titles + texts === 0 ? 0 : (titles * TITLE + texts * TEXT) * LEADING + GAP;
}

/** Title, text, layers, colour bar and legend, one below the other. */
export function drawPanel(
  panel: Panel<DocumentLayer>,
  { theme, prefix, shared, head = headHeight(panel) }: PanelScope,
): DrawnPanel {
  const width = panel.drawnWidth ?? PANEL_WIDTH;
  const scale = scaleOf(panel);
  const [bodyWidth, body] = [panel.width * scale, panel.height * scale];
  const parts: Markup[] = [];
  let y = 0;
  const write = (lines: readonly string[], size: number, isTitle: boolean) => {
    for (const line of lines) {
      y += size * LEADING;
      parts.push(element("text", {
        y: y - size * (LEADING - 1),
        "font-size": size,
        "font-weight": isTitle ? 600 : undefined,
        fill: isTitle ? theme.text : theme.muted,
        class: isTitle ? "figure-text" : "figure-muted",
      }, line));
    }
  };
  write(breakLines(panel.title, TITLE, width, true), TITLE, true);
  write(breakLines(panel.text, TEXT, width), TEXT, false);
  y = head;
  const layers = panel.layers.map((layer) => drawLayer(layer, { panel, scale, theme, shared }));
  parts.push(
    // A nested svg clips what leaves the panel.
    element("svg", { y, width: bodyWidth, height: body, role: "presentation" }, ...layers),
  );
  y += body;
  if (panel.scale) {
    y += GAP;
    const bar = colorBar(panel.scale, width, theme, `${prefix}${panel.id}-scale`);
    parts.push(element("g", { transform: `translate(0 ${y})` }, bar));
    y += bar.height;
  }
  if (panel.legend) {
    y += GAP;
    parts.push(
      element("g", { transform: `translate(0 ${y})` }, ...legendRows(panel.legend, width, theme)),
    );
    y += panel.legend.length * LEGEND_ROW;
  }
  const markup = element("g", { "font-family": FONTS }, ...parts).markup;
  return { width, height: Math.ceil(y), markup };
}

/** What a panel shows without its words, as an SVG file of its own. */
export function drawPanelBody(panel: Panel<DocumentLayer>, scale: number): string {
  const [width, height] = [panel.width * scale, panel.height * scale].map(Math.round);
  const layers = panel.layers.map((layer) =>
    drawLayer(layer, { panel, scale, theme: THEMES.light })
  );
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return element("svg", { xmlns: "http://www.w3.org/2000/svg", ...size }, ...layers).markup;
}

function legendRows(legend: readonly LegendEntry[], width: number, theme: Theme): Markup[] {
  const text = { y: 11, "font-size": TEXT, fill: theme.muted, class: "figure-muted" };
  return legend.map(({ color: [r, g, b], name, note = "" }, i) =>
    element(
      "g",
      { transform: `translate(0 ${i * LEGEND_ROW})` },
      element("rect", { width: 12, height: 12, rx: 2, fill: `rgb(${r},${g},${b})` }),
      element("text", { ...text, x: 20 }, fitText(name, TEXT, width - textWidth(note, TEXT) - 30)),
      element("text", { ...text, x: width, "text-anchor": "end" }, note),
    )
  );
}
