import {
  blank,
  type Color,
  drawText,
  fillRect,
  type Image,
  measureText,
  paste,
  WHITE,
} from "../image/mod.ts";

const TITLE: Color = [24, 24, 27];
const TEXT: Color = [82, 82, 91];
const FRAME: Color = [212, 212, 216];
/** Pixels a pixel of the font. */
export const FONT_SCALE = 2;
const MARGIN = 20;
const LEADING = 6;
/** From one line of text to the next. */
const LINE = measureText("", FONT_SCALE).height + LEADING;

/** An image's longer side is enlarged to about this many pixels. */
const BODY_SIDE = 448;

/** The size at which an image or map is shown: enlarged by a whole number. */
export function bodySize(height: number, width: number): { width: number; height: number } {
  const factor = Math.max(1, Math.round(BODY_SIDE / Math.max(height, width)));
  return { width: factor * width, height: factor * height };
}

/** An image with what a person needs to read it. */
export interface Panel {
  readonly title: string;
  /** One or two sentences; broken into lines. */
  readonly text: string;
  readonly body: Image;
  /** As wide as the body. @default none */
  readonly legend?: Image;
}

/** Where the image of a panel stands in it. */
export function bodyPlace({ text, body }: Panel): { left: number; top: number } {
  const lines = 1 + breakLines(text, body.width).length;
  return { left: MARGIN, top: MARGIN + LINE * lines + LEADING };
}

/** Title, text, image and legend, one below the other, on white. */
export function drawPanel(panel: Panel): Image {
  const { title, text, body, legend } = panel;
  const lines = breakLines(text, body.width);
  const { top: bodyTop } = bodyPlace(panel);
  const legendTop = bodyTop + body.height + 2 * LEADING;
  const sheet = blank(body.width + 2 * MARGIN, legendTop + (legend?.height ?? 0) + MARGIN, WHITE);
  const write = (content: string, row: number, color: Color) =>
    drawText(sheet, MARGIN, MARGIN + row * LINE, cutText(content, body.width), {
      scale: FONT_SCALE,
      color,
    });
  write(title, 0, TITLE);
  lines.forEach((content, i) => write(content, i + 1, TEXT));
  const { width, height } = body;
  const frame = { left: MARGIN - 1, top: bodyTop - 1, width: width + 2, height: height + 2 };
  fillRect(sheet, frame, FRAME);
  paste(sheet, body, MARGIN, bodyTop);
  if (legend) paste(sheet, legend, MARGIN, legendTop);
  return sheet;
}

/** One row of a legend of names. */
export interface Key {
  readonly color: Color;
  readonly name: string;
  /** Stands at the right end. */
  readonly note: string;
}

/** Colours with their names. */
export function drawKeys(keys: readonly Key[], width: number): Image {
  const { height } = measureText("", FONT_SCALE);
  const line = height + 2 * LEADING;
  const legend = blank(width, line * keys.length, WHITE);
  for (const [i, { color, name, note }] of keys.entries()) {
    const top = i * line;
    fillRect(legend, { left: 0, top, width: height, height }, color);
    const noteWidth = measureText(note, FONT_SCALE).width;
    const room = width - noteWidth - 3 * height;
    const style = { scale: FONT_SCALE, color: TEXT };
    drawText(legend, Math.round(1.5 * height), top, cutText(name, room), style);
    drawText(legend, width - noteWidth, top, note, style);
  }
  return legend;
}

const widthOf = (text: string) => measureText(text, FONT_SCALE).width;

function breakLines(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function cutText(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`${characters.join("")}..`) > width) characters.pop();
  return `${characters.join("").trimEnd()}..`;
}
