/** A figure's JSON is cut, empty or of something else; the figure can be made again. */
export class DamagedFigureError extends Error {
  override readonly name = "DamagedFigureError";

  constructor(path: string, reason: string) {
    super(`Cannot read ${path}: ${reason}`);
  }
}
