import { colorAt, type Colormap } from "./colormap.ts";
import { blank, drawText, fillRect, measureText } from "./draw_text.ts";
import { WHITE } from "./flatten_alpha.ts";
import { formatNumber } from "./format_number.ts";
import { positionOf, type ValueRange } from "./heatmap.ts";
import type { Image } from "./image.ts";

export interface ColorBarOptions {
  /** Pixels of the whole bar. @default 224 */
  readonly width?: number;
  /** What the numbers are, printed under them. @default nothing */
  readonly caption?: string;
  /** Pixels a pixel of the font. @default 1 */
  readonly scale?: number;
}

const BAR_HEIGHT = 10;
const TICK_HEIGHT = 3;
const GAP = 2;

/**
 * The legend of a map: its colours from the range's lower to its upper end, with both ends printed,
 * and zero where it lies between them.
 */
export function colorBar(map: Colormap, range: ValueRange, options: ColorBarOptions = {}): Image {
  const { width = 224, caption = "", scale = 1 } = options;
  const line = measureText("0", scale).height + GAP * scale;
  const numbersAt = (BAR_HEIGHT + TICK_HEIGHT + GAP) * scale;
  const bar = blank(width, numbersAt + line * (caption === "" ? 1 : 2), WHITE);
  for (let x = 0; x < width; x++) {
    const column = { left: x, top: 0, width: 1, height: BAR_HEIGHT * scale };
    fillRect(bar, column, colorAt(map, x / Math.max(1, width - 1)));
  }
  for (const { text, center, left } of labels(range, width, scale)) {
    const tick = {
      left: center,
      top: BAR_HEIGHT * scale,
      width: scale,
      height: TICK_HEIGHT * scale,
    };
    fillRect(bar, tick, [0, 0, 0]);
    drawText(bar, left, numbersAt, text, { scale });
  }
  const { width: captionWidth } = measureText(caption, scale);
  drawText(bar, Math.max(0, Math.round((width - captionWidth) / 2)), numbersAt + line, caption, {
    scale,
  });
  return bar;
}

interface Label {
  readonly text: string;
  /** The left pixel of the tick, and of the text. */
  readonly center: number;
  readonly left: number;
}

/** Both ends, and zero if there is room for it between them. */
function labels(range: ValueRange, width: number, scale: number): Label[] {
  const place = (value: number): Label => {
    const text = formatNumber(value);
    const size = measureText(text, scale).width;
    const position = value === range.max ? 1 : value === range.min ? 0 : positionOf(value, range);
    const center = Math.round(position * (width - scale));
    const left = Math.round(center + scale / 2 - size / 2);
    return { text, center, left: Math.max(0, Math.min(width - size, left)) };
  };
  const ends = [...new Set([range.min, range.max])].map(place);
  if (!(range.min < 0 && range.max > 0)) return ends;
  const zero = place(0);
  const end = ({ left, text }: Label) => left + measureText(text, scale).width;
  const fits = end(ends[0]) + 4 * scale <= zero.left && end(zero) + 4 * scale <= ends[1].left;
  return fits ? [ends[0], zero, ends[1]] : ends;
}
