import {
  blank,
  drawText,
  formatNumber,
  type Image,
  measureText,
  paste,
  resize,
  WHITE,
} from "../../image/mod.ts";
import type { ChannelRanking } from "../../ranking/channel_ranking.ts";
import { bodyPlace, drawPanel, FONT_SCALE } from "../../contract/panel.ts";

/** Longer side of a patch on the sheet, in pixels; smaller where the rows are many. */
const CELL = 72;
const SMALL_CELL = 40;
const MANY_ROWS = 256;
const GAP = 4;

/** A sheet with one row of patches for each channel, all of one height. */
export interface Sheet {
  readonly image: Image;
  /** From one row to the next, in pixels. */
  readonly rowHeight: number;
  /** The first pixel of the first row. */
  readonly firstRow: number;
}

export interface SheetView {
  readonly title: string;
  readonly text: string;
  readonly channels: readonly number[];
  readonly ranking: ChannelRanking;
  /** Rankings whose sheets are to be as wide as each other. */
  readonly rankings: readonly ChannelRanking[];
  /** [channels][count], all of one size. */
  readonly patches: readonly (readonly Image[])[];
}

/** Patches row by row, with each channel's number and its first and last activation. */
export function patchSheet(
  { title, text, channels, ranking, rankings, patches }: SheetView,
): Sheet {
  const { count } = ranking;
  const [sample] = patches[0];
  const cell = channels.length > MANY_ROWS ? SMALL_CELL : CELL;
  const factor = cell / Math.max(sample.width, sample.height);
  const [width, height] = [sample.width, sample.height]
    .map((side) => Math.max(1, Math.round(side * factor)));
  const rowHeight = cell + GAP;
  const labelsOf = ({ values }: ChannelRanking, row: number) => [
    formatNumber(values[row * count]),
    formatNumber(values[(row + 1) * count - 1]),
  ];
  const widthOf = (texts: readonly string[], scale = 1) =>
    Math.max(...texts.map((label) => measureText(label, scale).width));
  const labelWidth = widthOf(
    rankings.flatMap((each) => channels.flatMap((_, row) => labelsOf(each, row))),
  );
  const numberWidth = widthOf(channels.map((channel) => `${channel}`), FONT_SCALE);
  const left = Math.max(labelWidth, numberWidth) + 2 * GAP;
  const body = blank(left + count * (width + GAP), channels.length * rowHeight, WHITE);
  for (const [row, images] of patches.entries()) {
    const top = row * rowHeight;
    const [first, last] = labelsOf(ranking, row);
    drawText(body, GAP, top + GAP, `${channels[row]}`, { scale: FONT_SCALE });
    const line = measureText("").height + 2;
    drawText(body, GAP, top + GAP + 2 * line + 2, first);
    if (count > 1) drawText(body, GAP, top + GAP + 3 * line + 2, last);
    for (const [rank, patch] of images.entries()) {
      paste(body, resize(patch, width, height), left + rank * (width + GAP), top + GAP / 2);
    }
  }
  const panel = { title, text, body };
  return { image: drawPanel(panel), rowHeight, firstRow: bodyPlace(panel).top };
}
