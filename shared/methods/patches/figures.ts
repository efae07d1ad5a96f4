import type { Figure, LabelsLayer } from "../../figure/mod.ts";
import { blank, type Image, paste, resize, WHITE } from "../../image/mod.ts";
import { formatNumber } from "../../printable.ts";
import type { ChannelRanking } from "../../ranking/channel_ranking.ts";

/** Longer side of a patch on the sheet, in pixels; smaller where the rows are many. */
const CELL = 72;
const SMALL_CELL = 40;
const MANY_ROWS = 256;
const GAP = 4;

/** Room for a channel's number and its activations, left of its row. */
const MARGIN = 64;

export interface SheetView {
  readonly title: string;
  readonly text: string;
  readonly channels: readonly number[];
  readonly ranking: ChannelRanking;
  /** [channels][count], all of one size. */
  readonly patches: readonly (readonly Image[])[];
}

/** From one row of a sheet to the next, in pixels. */
export const rowHeight = (channels: readonly number[]): number => cellOf(channels) + GAP;

const cellOf = ({ length }: readonly number[]) => length > MANY_ROWS ? SMALL_CELL : CELL;

/** Patches row by row, all rows of one height. */
export function patchSheet({ channels, ranking, patches }: SheetView): Image {
  const [sample] = patches[0];
  const cell = cellOf(channels);
  const factor = cell / Math.max(sample.width, sample.height);
  const [width, height] = [sample.width, sample.height]
    .map((side) => Math.max(1, Math.round(side * factor)));
  const step = cell + GAP;
  const sheet = blank(ranking.count * (width + GAP), channels.length * step, WHITE);
  for (const [row, images] of patches.entries()) {
    for (const [rank, patch] of images.entries()) {
      paste(sheet, resize(patch, width, height), rank * (width + GAP), row * step + GAP / 2);
    }
  }
  return sheet;
}

/** A sheet with each channel's number and its first and last activation. */
export function patchFigure(view: SheetView, sheet: Image): Figure {
  const { title, text, channels, ranking: { count, values } } = view;
  const step = rowHeight(channels);
  const labels: LabelsLayer["labels"] = channels.flatMap((channel, row) => {
    const top = row * step;
    const [first, last] = [values[row * count], values[(row + 1) * count - 1]];
    return [
      { text: `${channel}`, x: 0, y: top + 14, size: 13 },
      ...[first, ...count > 1 ? [last] : []].map((value, i) => ({
        text: formatNumber(value),
        x: 0,
        y: top + 27 + 12 * i,
        size: 10,
        isMuted: true,
      })),
    ];
  });
  const width = sheet.width + MARGIN;
  return {
    title,
    caption: text,
    panels: [{
      id: "patches",
      title: "",
      text: "",
      width,
      height: sheet.height,
      drawnWidth: width,
      layers: [
        {
          kind: "image",
          image: sheet,
          at: { left: MARGIN, top: 0, width: sheet.width, height: sheet.height },
        },
        { kind: "labels", labels },
      ],
    }],
  };
}
