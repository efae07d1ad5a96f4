import type { LocalityRule } from "../locality.ts";

/** Pads by a constant: what changes moves, and nothing has to be computed. */
export const padLocality: LocalityRule = ({ node, attributes, input }) => {
  if (attributes.string("mode", "constant") !== "constant") return "it repeats pixels";
  const [x, pads, axes] = [input(0), input(1)?.value, node.input[3] ? input(3)?.value : undefined];
  if (!x || x.dims.length !== 4 || !pads) return "its pads are only known at run time";
  if (node.input[3] && !axes) return "its axes are only known at run time";
  const named = axes?.map((axis) => axis < 0 ? axis + 4 : axis) ?? [0, 1, 2, 3];
  const begin = [0, 0, 0, 0];
  const end = [0, 0, 0, 0];
  named.forEach((axis, i) => {
    begin[axis] = pads[i];
    end[axis] = pads[i + named.length];
  });
  if ([...begin, ...end].some((amount) => amount < 0)) return "it cuts pixels off";
  if (begin[0] + begin[1] + end[0] + end[1] > 0) return "it adds channels";
  return {
    changes: (axis, [{ start, size }]) => ({ start: start + begin[axis + 2], size }),
    reads: (_axis, _output, changed) => changed,
    fill: 0,
    multiplyAdds: 0,
    work: 0,
    node: { ...node, opType: "Identity", input: [node.input[0]], attribute: [] },
  };
};
