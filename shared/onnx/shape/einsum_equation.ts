/** An Einsum equation with the ellipsis spelled out as capital labels. */
export interface EinsumEquation {
  /** One string of labels per operand. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly extents: ReadonlyMap<string, number>;
}

/** Stand-ins for the axes of an ellipsis, counted from the back so that they broadcast. */
const ELLIPSIS_LABELS = "ΩΨΧΦΥΤΣΡΠΟΞΝ";

/**
 * Parses an equation for operands of the given shapes.
 *
 * @throws {SyntaxError} If the equation and the shapes do not fit.
 */
export function parseEinsum(
  equation: string,
  shapes: readonly (readonly number[])[],
): EinsumEquation {
  const fail = (reason: string): never => {
    throw new SyntaxError(`the equation "${equation}" ${reason}`);
  };
  const [left, right] = equation.replaceAll(/\s/g, "").split("->");
  const terms = left.split(",");
  if (terms.length !== shapes.length) fail(`is for ${terms.length} operands`);
  let hidden = "";
  const inputs = terms.map((term, i) => {
    const spare = shapes[i].length - term.replace("...", "").length;
    const ellipsis = ELLIPSIS_LABELS.slice(0, Math.max(0, spare)).split("").reverse().join("");
    if (ellipsis.length > hidden.length) hidden = ellipsis;
    const labels = term.replace("...", ellipsis);
    return labels.length === shapes[i].length ? labels : fail(`does not fit [${shapes[i]}]`);
  });
  const extents = new Map<string, number>();
  inputs.forEach((labels, i) =>
    [...labels].forEach((label, axis) => {
      const extent = shapes[i][axis];
      const known = extents.get(label) ?? 1;
      if (known !== 1 && extent !== 1 && known !== extent) {
        fail(`gives "${label}" the extents ${known} and ${extent}`);
      }
      extents.set(label, known === 1 ? extent : known);
    })
  );
  const uses = new Map<string, number>();
  for (const labels of inputs) {
    for (const label of labels) uses.set(label, (uses.get(label) ?? 0) + 1);
  }
  const implicit = () =>
    hidden +
    [...extents.keys()].filter((label) => !hidden.includes(label) && uses.get(label) === 1).sort()
      .join("");
  return { inputs, output: right?.replace("...", hidden) ?? implicit(), extents };
}
