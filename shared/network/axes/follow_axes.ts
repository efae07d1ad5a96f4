import { Attributes, type Fact, type GraphIndex, operatorOf } from "../../onnx/mod.ts";
import { type Axes, extentOf, other, whole } from "./axis.ts";
import { normalized } from "./regroup.ts";
import { axesRule, type AxesScope } from "./rules.ts";

/**
 * Where the rows and columns of the image went: the axes of each tensor that depends on it, as far
 * as they can be followed.
 *
 * @param index Of a graph whose operators are upgraded.
 * @param input [1, C, H, W]
 */
export function followAxes(
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
  input: { readonly name: string; readonly dims: readonly number[] },
): ReadonlyMap<string, Axes> {
  const [batch, planes, height, width] = input.dims;
  const image = [other(batch), other(planes), whole("rows", height), whole("columns", width)];
  const found = new Map<string, Axes>([[input.name, image]]);
  const varying = new Set([input.name]);
  for (const node of index.order) {
    if (operatorOf(node)?.kind === "source") continue;
    if (!node.input.some((name) => varying.has(name))) continue;
    const scope: Omit<AxesScope, "output" | "dims"> = {
      node,
      attributes: new Attributes(node),
      facts,
      axes: (i) => {
        const name = node.input[i] ?? "";
        return varying.has(name) ? found.get(name) : facts.get(name)?.dims.map(other);
      },
    };
    for (const [output, name] of node.output.entries()) {
      if (name === "") continue;
      varying.add(name);
      const dims = facts.get(name)?.dims;
      const axes = dims && axesRule(node)({ ...scope, output, dims });
      const fits = axes?.length === dims?.length &&
        axes?.every((axis, a) => extentOf(axis) === dims![a]);
      if (axes && fits) found.set(name, normalized(axes));
    }
  }
  return found;
}
