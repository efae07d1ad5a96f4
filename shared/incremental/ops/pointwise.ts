import type { Locality, LocalityRule, LocalityScope } from "../locality.ts";
import { boundingSpan } from "../span.ts";

/** Of operators that compute a pixel of the output from that pixel of each input. */
export const pointwise = (work: number): LocalityRule => (scope) => {
  const fault = spreadOperand(scope);
  if (fault !== undefined) return fault;
  return { ...inPlace, fill: 0, multiplyAdds: 0, work, node: scope.node };
};

/** Time for one element that is copied. */
const COPY = 2;

export const concat: LocalityRule = (scope) => {
  const rank = scope.output.dims.length;
  const axis = scope.attributes.int("axis", 1);
  if ((axis < 0 ? axis + rank : axis) !== 1) return "it joins rows or columns";
  if (!scope.node.input.every((_, i) => scope.isChanged(i))) return "a part of it never changes";
  return pointwise(COPY)(scope);
};

/** Why an input cannot be read pixel by pixel, if so. */
function spreadOperand({ node, input, isChanged, output }: LocalityScope): string | undefined {
  const [, , height, width] = output.dims;
  if (output.dims.length !== 4) return "it is not over rows and columns";
  for (let i = 0; i < node.input.length; i++) {
    if (node.input[i] === "") continue;
    const dims = input(i)?.dims;
    if (dims === undefined) return `nothing is known of its input "${node.input[i]}"`;
    const [rows, columns] = [dims.at(-2) ?? 1, dims.at(-1) ?? 1];
    const isMap = dims.length === 4 && rows === height && columns === width;
    if (isChanged(i) && !isMap) return `it spreads "${node.input[i]}" over the map`;
    // Such as statistics of the channels, which are one axis.
    const isPerChannel = dims.length <= 1 && node.opType === "BatchNormalization";
    const isSpread = isPerChannel || (columns === 1 && rows === 1);
    if (!isChanged(i) && !isSpread) return `"${node.input[i]}" differs from pixel to pixel`;
  }
  return undefined;
}

const inPlace: Pick<Locality, "changes" | "reads"> = {
  changes: (_axis, inputs) => boundingSpan(inputs),
  reads: (_axis, output) => output,
};
