/** What a rectifier lets through on the way back. */
export interface BackwardRule {
  readonly id: string;
  readonly name: string;
  /** @param x What went into the rectifier. @param g The gradient of what came out. */
  passes(x: number, g: number): boolean;
}

/** The three rules of Springenberg et al., figure 1. */
export const BACKWARD_RULES: readonly BackwardRule[] = [
  { id: "plain", name: "Plain: g·[x > 0]", passes: (x) => x > 0 },
  { id: "deconvnet", name: "Deconvnet: g·[g > 0]", passes: (_, g) => g > 0 },
  { id: "guided", name: "Guided: g·[x > 0]·[g > 0]", passes: (x, g) => x > 0 && g > 0 },
];

type Rows = readonly (readonly number[])[];

/** The gradient of a rectifier's input under a rule. */
export const throughRectifier = ({ passes }: BackwardRule, input: Rows, gradient: Rows): Rows =>
  input.map((row, y) =>
    row.map((x, column) => passes(x, gradient[y][column]) ? gradient[y][column] : 0)
  );
