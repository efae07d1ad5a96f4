import { z } from "zod";
import type { FigureDocument } from "../../figure/mod.ts";

const rect = z.strictObject({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
}).describe("A rectangle in the panel's coordinates.");
const range = z.strictObject({ min: z.number(), max: z.number() });
const color = z.tuple([z.number(), z.number(), z.number()]).describe("Red, green, blue, 0..255.");

const layer = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("encoded"),
    href: z.string().describe("A data URL, or a file beside the document."),
    alt: z.string().optional(),
    at: rect.optional(),
    opacity: z.number().min(0).max(1).optional(),
    isPixelated: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal("outline"),
    path: z.string().describe("SVG path data."),
    color,
    isDashed: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("seen"), at: rect }),
  z.strictObject({
    kind: z.literal("points"),
    points: z.array(z.strictObject({ x: z.number(), y: z.number(), color })),
  }),
  z.strictObject({
    kind: z.literal("labels"),
    labels: z.array(z.strictObject({
      text: z.string(),
      x: z.number(),
      y: z.number(),
      size: z.number(),
      isMuted: z.boolean().optional(),
      align: z.enum(["start", "middle", "end"]).optional(),
    })),
  }),
  z.strictObject({
    kind: z.literal("bars"),
    bars: z.array(z.strictObject({ name: z.string(), note: z.string(), share: z.number() })),
  }),
  z.strictObject({
    kind: z.literal("plot"),
    lines: z.array(z.strictObject({ color, values: z.array(z.number()) })),
    range,
    x: z.string(),
    y: z.string(),
  }),
]).meta({ id: "FigureLayer" });

const panel = z.strictObject({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  width: z.number(),
  height: z.number(),
  layers: z.array(layer).describe("Bottom to top."),
  scale: z.strictObject({
    colormap: z.strictObject({
      name: z.string(),
      kind: z.enum(["diverging", "sequential"]),
      source: z.string(),
      colors: z.array(color),
    }),
    range,
    caption: z.string(),
  }).optional().describe("What colours stand for."),
  legend: z.array(z.strictObject({ color, name: z.string(), note: z.string().optional() }))
    .optional(),
  drawnWidth: z.number().optional().describe("Width as drawn, in CSS pixels."),
}).meta({ id: "FigurePanel" });

/**
 * A figure whose pixels are encoded. `shared/figure` has its type, since most of its layers are
 * those of figures that are not encoded yet; the compiler holds the two together.
 */
export const figureSchema: z.ZodType<FigureDocument> = z.strictObject({
  title: z.string(),
  caption: z.string(),
  panels: z.array(panel),
  columns: z.int().positive().optional(),
}).meta({ id: "Figure" });
