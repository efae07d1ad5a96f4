import { expect, test } from "vitest";
import { BACKWARD_RULES, throughRectifier } from "./backward_rules.ts";

/** Springenberg et al., Striving for Simplicity, figure 1 b, whose arrows are these matrices. */
const INPUT = [[1, -1, 5], [2, -5, -7], [-3, 2, 4]];
const GRADIENT = [[-2, 3, -1], [6, -3, 1], [2, -1, 3]];
const PUBLISHED = {
  plain: [[-2, 0, -1], [6, 0, 0], [0, -1, 3]],
  deconvnet: [[0, 3, 0], [6, 0, 1], [2, 0, 3]],
  guided: [[0, 0, 0], [6, 0, 0], [0, 0, 3]],
};

test.each(BACKWARD_RULES)("$id gives what the paper shows", (rule) => {
  expect(throughRectifier(rule, INPUT, GRADIENT)).toEqual(
    PUBLISHED[rule.id as keyof typeof PUBLISHED],
  );
});
