import { colorAt } from "../image/colormap.ts";
import { formatNumber } from "../printable.ts";
import { positionOf } from "../image/heatmap.ts";
import type { ColorScale } from "./figure.ts";
import { element, type Markup } from "./svg.ts";
import { breakLines, textWidth } from "./text.ts";
import type { Theme } from "./theme.ts";

const BAR = 10;
const TICK = 4;
const SIZE = 12;
const LEADING = 16;
/** Least room between two numbers. */
const GAP = 8;
/** Colours along the bar; between them SVG interpolates as the colour map does. */
const STOPS = 32;

/**
 * The colours of a scale from its lower to its upper end, both ends and zero between them with
 * their numbers, and what the numbers are.
 *
 * @param id Of the gradient; different for each in a document.
 */
export function colorBar(
  { colormap, range, caption }: ColorScale,
  width: number,
  theme: Theme,
  id: string,
): Markup & { readonly height: number } {
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => {
    const [r, g, b] = colorAt(colormap, i / STOPS);
    return element("stop", { offset: i / STOPS, "stop-color": `rgb(${r},${g},${b})` });
  });
  const text = { "font-size": SIZE, fill: theme.muted, class: "figure-muted" };
  const numbers = labels(range, width);
  const lines = breakLines(caption, SIZE, width);
  const captionTop = BAR + TICK + SIZE + 5;
  const { markup } = element(
    "g",
    {},
    element("linearGradient", { id }, ...stops),
    element("rect", { width, height: BAR, fill: `url(#${id})` }),
    ...numbers.map(({ x }) =>
      element("path", {
        d: `M${x} ${BAR}v${TICK}`,
        stroke: theme.muted,
        class: "figure-tick",
      })
    ),
    ...numbers.map(({ x, align, label }) =>
      element("text", { ...text, x, y: BAR + TICK + SIZE, "text-anchor": align }, label)
    ),
    ...lines.map((line, i) =>
      element("text", {
        ...text,
        x: width / 2,
        y: captionTop + SIZE + i * LEADING,
        "text-anchor": "middle",
      }, line)
    ),
  );
  return { markup, height: captionTop + 5 + lines.length * LEADING };
}

interface Label {
  readonly x: number;
  readonly align: "start" | "middle" | "end";
  readonly label: string;
}

/** Both ends, and zero if there is room for it between them. */
function labels(range: ColorScale["range"], width: number): Label[] {
  const low: Label = { x: 0.5, align: "start", label: formatNumber(range.min) };
  const high: Label = { x: width - 0.5, align: "end", label: formatNumber(range.max) };
  if (!(range.max > range.min)) return [low];
  const x = positionOf(0, range) * width;
  const half = textWidth("0", SIZE) / 2 + GAP;
  const isRoomy = range.min < 0 && range.max > 0 &&
    textWidth(low.label, SIZE) + half < x && x < width - textWidth(high.label, SIZE) - half;
  return isRoomy ? [low, { x, align: "middle", label: "0" }, high] : [low, high];
}
