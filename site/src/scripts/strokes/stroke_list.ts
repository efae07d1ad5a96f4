import {
  formatStrokes,
  parseStrokes,
  type Stroke,
} from "../../../../shared/methods/segment/strokes.ts";

/** The strokes that a text field holds, whoever wrote them: a hand on the image or at the keys. */
export class StrokeList {
  readonly #field: HTMLInputElement;
  readonly #onChange: () => void;
  /** What the field held before each change that can be undone. */
  readonly #before: string[] = [];
  #strokes: readonly Stroke[] = [];

  /** @param onChange Told of every change, typed ones too. */
  constructor(field: HTMLInputElement, onChange: () => void) {
    this.#field = field;
    this.#onChange = onChange;
    field.addEventListener("input", () => this.#change(field.value));
    this.#read();
  }

  /** In the order in which they were drawn. */
  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  /** What is wrong with the text; empty if nothing is. */
  get fault(): string {
    return this.#field.validationMessage;
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  add(stroke: Stroke): void {
    this.#write(formatStrokes([...this.#strokes, stroke]));
  }

  clear(): void {
    if (this.#field.value !== "") this.#write("");
  }

  undo(): void {
    const before = this.#before.pop();
    if (before !== undefined) this.#change(before);
  }

  /** Forgets strokes that were of another image. */
  forget(): void {
    this.#before.length = 0;
    this.#change("");
  }

  #write(text: string): void {
    this.#before.push(this.#field.value);
    this.#change(text);
  }

  #change(text: string): void {
    // A field that is written to loses its caret, also where nothing changes.
    if (this.#field.value !== text) this.#field.value = text;
    this.#read();
    this.#onChange();
  }

  #read(): void {
    let fault = "";
    try {
      this.#strokes = parseStrokes(this.#field.value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      fault = error.message;
    }
    this.#field.setCustomValidity(fault);
  }
}
