import {
  type Figure,
  type Layer,
  onSource,
  type Panel,
  type Placed,
  type Rect,
} from "../../figure/mod.ts";
import { VIRIDIS } from "../../image/mod.ts";
import type { AttentionOptions } from "./options.ts";
import type { Query } from "./query.ts";

const OPACITY = 0.7;

/** What the figure is made of. */
export interface AttentionView {
  readonly input: Placed;
  /** The layer's number among those of attention. */
  readonly place: number;
  readonly query: Query;
  readonly height: number;
  readonly width: number;
  /** Of each head, [h, w]. */
  readonly maps: readonly Float32Array[];
  readonly rollout: Float32Array;
  readonly options: Pick<AttentionOptions, "heads" | "smooth">;
}

/** The mean over the heads, the rollout, and heads by themselves, each on its own scale. */
export function attentionFigure(view: AttentionView): Figure {
  const { maps, rollout, place, query, options } = view;
  const mean = maps[0].map((_, i) => maps.reduce((sum, map) => sum + map[i], 0) / maps.length);
  const shown = maps.slice(0, options.heads);
  const left = maps.length - shown.length;
  return {
    title: `Attention of ${nameOf(query)}, layer ${place}`,
    caption:
      `The positions that ${nameOf(query)} reads, as a share of all that it reads; each map ` +
      "has a scale of its own." + (left > 0 ? ` The arrays hold ${left} more.` : ""),
    panels: [
      mapPanel(view, mean, "mean", "Mean over heads", `${maps.length} heads of the layer.`),
      mapPanel(view, rollout, "rollout", "Rollout", "Through all layers up to this one."),
      ...shown.map((map, head) => mapPanel(view, map, `head-${head}`, `Head ${head}`, "")),
    ],
  };
}

function nameOf(query: Query): string {
  if (query.kind === "class") return "the class token";
  return query.kind === "mean" ? "all positions" : `position ${query.row},${query.column}`;
}

function mapPanel(
  { input, height, width, query, options: { smooth } }: AttentionView,
  values: Float32Array,
  id: string,
  title: string,
  text: string,
): Panel {
  const range = { min: 0, max: values.reduce((a, b) => Math.max(a, b), 0) || 1 };
  return {
    ...{ id, title, text },
    ...onSource(input, "grey", (at): Layer[] => [
      {
        kind: "heat map",
        grid: { width, height, values },
        colormap: VIRIDIS,
        ...{ range, at, opacity: OPACITY, isPixelated: !smooth },
      },
      ...query.kind === "position"
        ? [{ kind: "outline" as const, path: cellPath(at, query, height, width), color: FRAME }]
        : [],
    ]),
    scale: { colormap: VIRIDIS, range, caption: "share of the attention" },
  };
}

const FRAME = [255, 255, 255] as const;

function cellPath(
  at: Rect,
  { row, column }: { readonly row: number; readonly column: number },
  height: number,
  width: number,
): string {
  const [x, y] = [at.width / width, at.height / height];
  return `M${at.left + column * x} ${at.top + row * y}h${x}v${y}h${-x}z`;
}
