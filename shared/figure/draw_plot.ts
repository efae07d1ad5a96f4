import { formatNumber } from "../printable.ts";
import type { Panel, PlotLayer } from "./figure.ts";
import { element, type Markup } from "./svg.ts";
import type { Theme } from "./theme.ts";

const TEXT = 12;

/** CSS pixels around the plot for its numbers and names. */
const MARGIN = { left: 52, right: 14, top: 26, bottom: 34 } as const;

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Lines over an axis from 0 to 100 %, with a grid. */
export function drawPlot(
  { lines, range, x, y }: PlotLayer,
  { panel, scale, theme }: {
    readonly panel: Pick<Panel<never>, "width" | "height">;
    readonly scale: number;
    readonly theme: Theme;
  },
): Markup {
  const width = panel.width * scale - MARGIN.left - MARGIN.right;
  const height = panel.height * scale - MARGIN.top - MARGIN.bottom;
  const across = (share: number) => MARGIN.left + share * width;
  const down = (share: number) => MARGIN.top + (1 - share) * height;
  const words = (text: string, left: number, top: number, anchor: string, isMuted = true) =>
    element("text", {
      x: left,
      y: top,
      "font-size": TEXT,
      "text-anchor": anchor,
      fill: isMuted ? theme.muted : theme.text,
      class: isMuted ? "figure-muted" : "figure-text",
    }, text);
  const grid = TICKS.flatMap((share) => [
    element("rect", {
      x: across(0),
      y: down(share) - 0.5,
      width,
      height: 1,
      fill: theme.line,
      class: "figure-track",
    }),
    words(
      formatNumber(range.min + share * (range.max - range.min)),
      MARGIN.left - 8,
      down(share) + 4,
      "end",
    ),
    words(`${100 * share} %`, across(share), down(0) + 18, share === 1 ? "end" : "middle"),
  ]);
  const curves = lines.map(({ values, color: [r, g, b] }) => {
    const points = values.map((value, i) => {
      const share = (value - range.min) / (range.max - range.min);
      return `${across(i / (values.length - 1)).toFixed(2)} ${down(share).toFixed(2)}`;
    });
    return element("path", {
      d: `M${points.join("L")}`,
      fill: "none",
      stroke: `rgb(${r},${g},${b})`,
      "stroke-width": 2,
      "stroke-linejoin": "round",
    });
  });
  return element(
    "g",
    {},
    ...grid,
    words(y, 0, TEXT, "start", false),
    words(x, across(0.5), down(0) + 32, "middle", false),
    ...curves,
  );
}
