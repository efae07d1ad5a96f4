import type { Color, Image } from "../image/image.ts";
import type { Colormap } from "../image/colormap.ts";
import type { Grid, ValueRange } from "../image/heatmap.ts";

/** A rectangle in the coordinates of a panel. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a layer of pixels or cells stands, and how it is shown. */
export interface PlacedLayer {
  /** What a screen reader says of it. @default nothing */
  readonly alt?: string;
  /** @default the whole panel */
  readonly at?: Rect;
  /** 0..1. @default 1 */
  readonly opacity?: number;
  /** Whether pixels are blocks with sharp edges. @default false */
  readonly isPixelated?: boolean;
}

export interface ImageLayer extends PlacedLayer {
  readonly kind: "image";
  readonly image: Image;
}

/** Numbers as colours. Pixelated shows the cells as they were computed, else values between them. */
export interface HeatMapLayer extends PlacedLayer {
  readonly kind: "heat map";
  readonly grid: Grid;
  readonly colormap: Colormap;
  readonly range: ValueRange;
}

/** An image layer that is encoded. */
export interface EncodedLayer extends PlacedLayer {
  readonly kind: "encoded";
  /** Where the bytes are: a data URL, or a file beside the document. */
  readonly href: string;
}

/** Lines around regions, in the panel's coordinates. */
export interface OutlineLayer {
  readonly kind: "outline";
  /** SVG path data. */
  readonly path: string;
  readonly color: Color;
  readonly isDashed?: boolean;
}

/** Everything but a rectangle is dimmed: what the network did not see. */
export interface SeenLayer {
  readonly kind: "seen";
  readonly at: Rect;
}

export interface PointsLayer {
  readonly kind: "points";
  readonly points: readonly { readonly x: number; readonly y: number; readonly color: Color }[];
}

export interface LabelsLayer {
  readonly kind: "labels";
  readonly labels: readonly {
    readonly text: string;
    /** Of the baseline's beginning, or of its end where it is aligned there. */
    readonly x: number;
    readonly y: number;
    /** In the panel's coordinates. */
    readonly size: number;
    readonly isMuted?: boolean;
    /** @default "start" */
    readonly align?: "start" | "middle" | "end";
  }[];
}

/** Horizontal bars from 0 to 1 with a name and a number each, which fill the panel. */
export interface BarsLayer {
  readonly kind: "bars";
  readonly bars: readonly {
    readonly name: string;
    readonly note: string;
    readonly share: number;
  }[];
}

/** Values at even distances, over an axis from 0 to 100 %. */
export interface PlotLine {
  readonly color: Color;
  /** 2 or more. */
  readonly values: readonly number[];
}

/** Lines with a grid and numbers at the axes, which fill the panel. */
export interface PlotLayer {
  readonly kind: "plot";
  readonly lines: readonly PlotLine[];
  readonly range: ValueRange;
  /** What the axes are. */
  readonly x: string;
  readonly y: string;
}

export type ShapeLayer =
  | OutlineLayer
  | SeenLayer
  | PointsLayer
  | LabelsLayer
  | BarsLayer
  | PlotLayer;

/** Bottom to top. */
export type Layer = ImageLayer | HeatMapLayer | ShapeLayer;

/** What colours stand for. */
export interface ColorScale {
  readonly colormap: Colormap;
  readonly range: ValueRange;
  /** What the numbers are. */
  readonly caption: string;
}

export interface LegendEntry {
  readonly color: Color;
  readonly name: string;
  /** Stands at the right end. @default nothing */
  readonly note?: string;
}

/** One picture of a figure with what a person needs to read it. */
export interface Panel<L = Layer> {
  /** Kebab-case; tells the panels of a figure apart. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences. */
  readonly text: string;
  /** Extent of the panel's coordinates. */
  readonly width: number;
  readonly height: number;
  readonly layers: readonly L[];
  readonly scale?: ColorScale;
  readonly legend?: readonly LegendEntry[];
  /** Width as drawn, in CSS pixels. @default 360 */
  readonly drawnWidth?: number;
}

/** A result as a document: what is shown and what is said of it, not how it is drawn. */
export interface Figure<L = Layer> {
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel<L>[];
  /** Panels a row. @default at most three, as square as possible */
  readonly columns?: number;
}

/** A layer of a document: plain data. */
export type DocumentLayer = EncodedLayer | ShapeLayer;

/** A figure whose pixels are encoded, so that it can be written, sent and drawn. */
export type FigureDocument = Figure<DocumentLayer>;
