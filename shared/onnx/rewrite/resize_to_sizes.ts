import type { Model } from "../model_file.ts";
import { withGraph } from "../edit.ts";
import { isStandardDomain } from "../opset.ts";
import { type Fact, normalizeAxis } from "../shape/fact.ts";
import { type Rewrite, rewriteNodes } from "./rewrite_nodes.ts";

/**
 * The model with sizes in the place of the scales of a Resize, where ONNX Runtime (1.30.0)
 * contradicts itself about them: it multiplies in float32 when it runs, so that 0.7 of 10 is 7, and
 * in float64 when it checks the shapes of the file, so that it is 6.
 *
 * @param facts What `inferShapes` knows of the model.
 */
export function resizeToSizes(model: Model, facts: ReadonlyMap<string, Fact>): Model {
  const graph = rewriteNodes(model.graph, (node): Rewrite | undefined => {
    if (node.opType !== "Resize" || !isStandardDomain(node.domain)) return undefined;
    const dims = facts.get(node.input[0])?.dims;
    const output = facts.get(node.output[0])?.dims;
    const scales = facts.get(node.input[2] ?? "")?.value;
    if (dims === undefined || output === undefined || !scales?.length) return undefined;
    return (scope) => {
      const axes = scope.attributes.ints("axes", dims.map((_, axis) => axis))
        .map((axis) => normalizeAxis(axis, dims.length));
      const isMoot = axes.some((axis, i) => Math.floor(dims[axis] * scales[i]) !== output[axis]);
      // Other sizes would make the runtime compute with other scales.
      const isSame = axes.every((axis, i) => Math.fround(output[axis] / dims[axis]) === scales[i]);
      if (!isMoot || !isSame) return;
      const sizes = scope.ints(axes.map((axis) => output[axis]));
      scope.rewrite([node.input[0], node.input[1], "", sizes], ["keep_aspect_ratio_policy"]);
    };
  });
  return withGraph(model, graph);
}
