import {
  blank,
  type Color,
  drawText,
  fillRect,
  formatNumber,
  type Image,
  measureText,
  montage,
  resize,
  WHITE,
} from "../../image/mod.ts";
import { bodySize, drawPanel, FONT_SCALE } from "../../contract/panel.ts";

const BAR: Color = [33, 102, 172];
const TRACK: Color = [228, 228, 231];
const TEXT: Color = [24, 24, 27];

/** Bars that are drawn, at most; the measures name all. */
const MOST_BARS = 20;

/** A class with what the network says of it. */
export interface RankedClass {
  readonly index: number;
  readonly label: string;
  /** 0..1 */
  readonly probability: number;
  readonly logit: number;
}

/** The image as the network sees it, and the probabilities as bars. */
export function classifyImages(
  image: Image,
  classes: readonly RankedClass[],
): Record<string, Image> {
  const size = bodySize(image.height, image.width);
  const bars = drawPanel({
    title: "Most probable classes",
    text: "Probability of each; a full bar is 1",
    body: drawBars(classes.slice(0, MOST_BARS), size.width),
  });
  const input = drawPanel({
    title: "Input",
    text: "The image as the network sees it",
    body: resize(image, size.width, size.height),
  });
  return { bars, figure: montage([{ image: input }, { image: bars }], { columns: 2, gap: 0 }) };
}

function drawBars(classes: readonly RankedClass[], width: number): Image {
  const { height: line } = measureText("", FONT_SCALE);
  const row = 3 * line;
  const body = blank(width, row * classes.length, WHITE);
  for (const [i, { label, probability }] of classes.entries()) {
    const top = i * row + Math.round(line / 4);
    const note = formatNumber(probability);
    const noteWidth = measureText(note, FONT_SCALE).width;
    const style = { scale: FONT_SCALE, color: TEXT };
    const name = fitted(label.split(",")[0], width - noteWidth - line);
    drawText(body, 0, top, name, style);
    drawText(body, width - noteWidth, top, note, style);
    const bar = { left: 0, top: top + line + 4, width, height: Math.round(line / 2) };
    fillRect(body, bar, TRACK);
    fillRect(body, { ...bar, width: probability * width }, BAR);
  }
  return body;
}

/** The text, cut to a width in pixels. */
function fitted(text: string, width: number): string {
  const characters = [...text];
  while (characters.length > 0 && measureText(characters.join(""), FONT_SCALE).width > width) {
    characters.pop();
  }
  return characters.join("");
}
