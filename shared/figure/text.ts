/** Advance widths of Noto Sans for the printable ASCII characters, in thousandths of the size. */
const WIDTHS = (
  "260 269 408 646 572 831 732 225 300 300 551 572 268 322 268 372 572 572 572 572 572 572 572 572 " +
  "572 572 268 268 572 572 572 434 899 639 650 632 730 556 519 728 741 339 273 619 524 907 760 781 " +
  "605 781 622 549 556 731 600 930 586 566 572 329 372 329 572 444 281 561 615 480 615 564 344 615 " +
  "618 258 258 534 258 935 618 605 615 615 413 479 361 618 508 786 529 510 470 380 551 380 572"
).split(" ").map(Number);

/** Other letters on average, those of Chinese, Japanese and Korean, and marks above letters. */
const [LETTER, WIDE, MARK] = [620, 1000, 0];
const IS_WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;
const IS_MARK = /\p{M}/u;

/** Bold is wider, and the fonts of other machines are too. */
const BOLD = 1.07;

/** About how wide a line of text is drawn, in units of `size`. */
export function textWidth(text: string, size: number, isBold = false): number {
  let sum = 0;
  for (const character of text) {
    const width = WIDTHS[character.codePointAt(0)! - 32];
    sum += width ?? (IS_MARK.test(character) ? MARK : IS_WIDE.test(character) ? WIDE : LETTER);
  }
  return sum / 1000 * size * (isBold ? BOLD : 1);
}

/** Breaks a text between words into lines of at most `width`; a longer word is broken as well. */
export function breakLines(text: string, size: number, width: number, isBold = false): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer, size, isBold) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of word) {
      if (textWidth(line + character, size, isBold) > width && line !== "") {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** The text, or its beginning and an ellipsis, in at most `width`. */
export function fitText(text: string, size: number, width: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= width) return text;
  const characters = [...text];
  const shown = () => `${characters.join("").trimEnd()}…`;
  while (characters.length > 0 && textWidth(shown(), size, isBold) > width) characters.pop();
  return shown();
}
