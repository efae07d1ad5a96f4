import { InputError } from "../../errors.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** The operators that put updates where indices say, and those that take them from there. */
const READERS = { ScatterElements: "GatherElements", ScatterND: "GatherND" } as const;

/**
 * Y = X with updates at the places that indices name: dX is dY but for those places, the updates'
 * gradient what dY is there. With reduction "add" X stays, and dX is dY.
 */
function scattered(opType: keyof typeof READERS): GradientRow {
  return {
    convention: "indices name each place once",
    rule: (scope) => {
      const { emit: e, attributes, x, dy, wants } = scope;
      const reduction = attributes.string("reduction", "none");
      if (reduction !== "none" && reduction !== "add") {
        throw new InputError(
          `Cannot differentiate ${opType} "${scope.y()}": the reduction "${reduction}" is not ` +
            "supported",
        );
      }
      const axis = opType === "ScatterElements" ? { axis: attributes.int("axis", 0) } : {};
      const cleared = () => e.op(opType, [dy(), x(1), e.zerosLike(x(2))], axis);
      return [
        !wants(0) ? null : reduction === "add" ? dy() : cleared(),
        null,
        wants(2) ? e.op(READERS[opType], [dy(), x(1)], axis) : null,
      ];
    },
  };
}

/** Y = zeros with the elements of X at the flat places that indices name; dX is dY there. */
const maxUnpool: GradientRow = {
  convention: "indices name each place once",
  rule: ({ emit: e, x, dy }: GradientScope) => [
    e.op("Gather", [e.reshape(dy(), [-1]), x(1)]),
    null,
    null,
  ],
};

export const scatterRules = {
  MaxUnpool: maxUnpool,
  ScatterElements: scattered("ScatterElements"),
  ScatterND: scattered("ScatterND"),
} as const satisfies Record<string, GradientRow>;
