import { InputError } from "../../errors.ts";
import { parseEinsum } from "../../onnx/shape/einsum_equation.ts";
import type { GradientRule } from "../gradient_scope.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * Y = a sum of products over labels. The gradient of an operand is the same kind of sum with the
 * operand and the output exchanged; labels that only the operand has are repeated.
 */
export const einsumGradient: GradientRule = (scope) => {
  const { emit: e, node, x, dy } = scope;
  const shapes = node.input.map((_, i) => scope.dims(i));
  const parsed = parseEinsum(scope.attributes.string("equation", ""), shapes);
  const repeated = [...parsed.inputs, parsed.output].find((term) =>
    new Set(term).size < term.length
  );
  if (repeated !== undefined) {
    throw new InputError(
      `Cannot differentiate Einsum "${scope.y()}": the diagonal "${repeated}" is not supported`,
    );
  }
  // Ellipses were spelled out with letters that runtimes do not take.
  const used = [...parsed.extents.keys()];
  const free = [...LETTERS].filter((letter) => !used.includes(letter));
  const letterOf = new Map(
    used.map((label) => [label, LETTERS.includes(label) ? label : free.shift()!]),
  );
  const spell = (term: string) => [...term].map((label) => letterOf.get(label)!).join("");
  return node.input.map((_, i) => {
    if (!scope.wants(i)) return null;
    const others = node.input.flatMap((_, k) => k === i ? [] : [k]);
    const labels = parsed.inputs[i];
    const reachable = parsed.output + others.map((k) => parsed.inputs[k]).join("");
    const kept = [...labels].filter((label) => reachable.includes(label)).join("");
    const terms = [parsed.output, ...others.map((k) => parsed.inputs[k])].map(spell);
    const equation = `${terms.join(",")}->${spell(kept)}`;
    const gradient = e.op("Einsum", [dy(), ...others.map(x)], { equation });
    const aligned = [...labels].map((label) =>
      kept.includes(label) ? parsed.extents.get(label)! : 1
    );
    return e.expand(
      e.reshape(gradient, aligned),
      [...labels].map((label) => parsed.extents.get(label)!),
    );
  });
};
