import type { Color } from "../image/image.ts";
import type {
  BarsLayer,
  DocumentLayer,
  EncodedLayer,
  LabelsLayer,
  OutlineLayer,
  Panel,
  PointsLayer,
  SeenLayer,
} from "./figure.ts";
import { drawPlot } from "./draw_plot.ts";
import { element, type Markup } from "./svg.ts";
import { fitText, textWidth } from "./text.ts";
import type { Theme } from "./theme.ts";

/** Where a layer is drawn. */
interface Place {
  readonly panel: Panel<DocumentLayer>;
  /** CSS pixels a unit of the panel. */
  readonly scale: number;
  readonly theme: Theme;
  /** Ids of images that the document defines once, by their address. @default none */
  readonly shared?: ReadonlyMap<string, string>;
}

const rgb = ([r, g, b]: Color) => `rgb(${r},${g},${b})`;

/** A layer in the coordinates of its panel, times the scale. */
export function drawLayer(layer: DocumentLayer, place: Place): Markup {
  const draw = DRAW[layer.kind] as (layer: DocumentLayer, place: Place) => Markup;
  return draw(layer, place);
}

type Draw = {
  readonly [Kind in DocumentLayer["kind"]]: (
    layer: Extract<DocumentLayer, { kind: Kind }>,
    place: Place,
  ) => Markup;
};

const DRAW: Draw = {
  encoded: drawImage,
  outline: drawOutline,
  seen: drawSeen,
  points: drawPoints,
  labels: drawLabels,
  bars: drawBars,
  plot: drawPlot,
};

function drawImage(
  { href, at, opacity, isPixelated, alt }: EncodedLayer,
  { panel, scale, shared }: Place,
): Markup {
  const { left, top, width, height } = at ?? { left: 0, top: 0, ...panel };
  const [x, y, w, h] = [left, top, width, height].map((length) => length * scale);
  const id = shared?.get(href);
  const place = id === undefined
    ? { href, x, y, width: w, height: h, preserveAspectRatio: "none" }
    : { href: `#${id}`, transform: `translate(${x} ${y}) scale(${w} ${h})` };
  return element(id === undefined ? "image" : "use", {
    ...place,
    opacity,
    // Browsers and resvg each know one of the two.
    "image-rendering": isPixelated ? "optimizeSpeed" : undefined,
    class: isPixelated ? "figure-pixelated" : undefined,
    "aria-label": alt,
  });
}

/** Twice, so that a line is told from a ground of its own colour. */
function drawOutline({ path, color, isDashed }: OutlineLayer, { scale }: Place): Markup {
  const line = (stroke: string, width: number) =>
    element("path", {
      d: path,
      fill: "none",
      stroke,
      "stroke-width": width / scale,
      "stroke-linejoin": "round",
      "stroke-dasharray": isDashed ? `${6 / scale} ${4 / scale}` : undefined,
    });
  return element("g", { transform: `scale(${scale})` }, line("#ffffff", 3.5), line(rgb(color), 2));
}

function drawSeen({ at }: SeenLayer, { panel, scale, theme }: Place): Markup {
  const left = Math.max(0, at.left);
  const top = Math.max(0, at.top);
  const right = Math.min(panel.width, at.left + at.width);
  const bottom = Math.min(panel.height, at.top + at.height);
  if (left <= 0 && top <= 0 && right >= panel.width && bottom >= panel.height) {
    return { markup: "" };
  }
  const rect = (x: number, y: number, width: number, height: number) =>
    `M${x * scale} ${y * scale}h${width * scale}v${height * scale}h${-width * scale}z`;
  const inner = rect(left, top, right - left, bottom - top);
  return element(
    "g",
    {},
    element("path", {
      d: rect(0, 0, panel.width, panel.height) + inner,
      "fill-rule": "evenodd",
      fill: theme.ground,
      opacity: 0.6,
      class: "figure-ground",
    }),
    element("path", {
      d: inner,
      fill: "none",
      stroke: theme.text,
      class: "figure-seen",
      "stroke-dasharray": "4 3",
    }),
  );
}

function drawPoints({ points }: PointsLayer, { scale }: Place): Markup {
  const circles = points.map(({ x, y, color }) =>
    element("circle", { cx: x * scale, cy: y * scale, r: 3, fill: rgb(color), stroke: "#ffffff" })
  );
  return element("g", {}, ...circles);
}

function drawLabels({ labels }: LabelsLayer, { scale, theme }: Place): Markup {
  const texts = labels.map(({ text, x, y, size, isMuted, align }) =>
    element("text", {
      x: x * scale,
      y: y * scale,
      "font-size": size * scale,
      "text-anchor": align === "start" ? undefined : align,
      fill: isMuted ? theme.muted : theme.text,
      class: isMuted ? "figure-muted" : "figure-text",
    }, text)
  );
  return element("g", {}, ...texts);
}

const BAR_TEXT = 13;

function drawBars({ bars }: BarsLayer, { panel, scale, theme }: Place): Markup {
  const width = panel.width * scale;
  const row = panel.height * scale / bars.length;
  const track = { height: 8, rx: 4 };
  const rows = bars.map(({ name, note, share }, i) => {
    const noteWidth = textWidth(note, BAR_TEXT) + 8;
    const text = { y: BAR_TEXT, "font-size": BAR_TEXT, fill: theme.text, class: "figure-text" };
    return element(
      "g",
      { transform: `translate(0 ${i * row})` },
      element("text", text, fitText(name, BAR_TEXT, width - noteWidth)),
      element("text", { ...text, x: width, "text-anchor": "end" }, note),
      element("rect", { ...track, y: 20, width, fill: theme.line, class: "figure-track" }),
      element("rect", {
        ...track,
        y: 20,
        width: Math.max(0, Math.min(1, share)) * width,
        fill: theme.accent,
        class: "figure-bar",
      }),
    );
  });
  return element("g", {}, ...rows);
}
