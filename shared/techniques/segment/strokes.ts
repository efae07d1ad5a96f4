/** A disc that a person marked. */
export interface Stroke {
  readonly isForeground: boolean;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const FORM = new RegExp(String.raw`^([+-])${NUMBER},${NUMBER},${NUMBER}$`);

/**
 * Reads "+x,y,r;-x,y,r"; blanks do not matter.
 *
 * @throws {RangeError} If it is not of that form.
 */
export function parseStrokes(text: string): Stroke[] {
  const parts = text.replaceAll(/\s/g, "").split(";").filter((part) => part !== "");
  return parts.map((part) => {
    const form = FORM.exec(part);
    if (form === null) {
      throw new RangeError(
        `Cannot use the stroke "${part}": expected +<x>,<y>,<radius> for foreground or ` +
          `-<x>,<y>,<radius> for background`,
      );
    }
    const [x, y, radius] = form.slice(2).map(Number);
    return { isForeground: form[1] === "+", x, y, radius };
  });
}

/** Calls `mark` for each pixel whose middle lies in the disc; the pixel it is in is always one. */
export function fillStroke(
  { x, y, radius }: Stroke,
  width: number,
  height: number,
  mark: (at: number) => void,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const isIn = Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius;
      const isUnder = column === Math.floor(x) && row === Math.floor(y);
      if (isIn || isUnder) mark(row * width + column);
    }
  }
}
