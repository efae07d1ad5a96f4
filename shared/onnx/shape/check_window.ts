import { Attributes } from "../attributes.ts";
import { describeNode } from "../graph_index.ts";
import { FREE_WINDOW } from "../limits.ts";
import { isStandardDomain } from "../opset.ts";
import { own } from "../edit.ts";
import type { NodeProto } from "../proto/types.ts";
import { UnusableNetworkError } from "../errors.ts";
import type { Fact } from "./fact.ts";

/** Operators with a window: which input holds the kernels, or null where an attribute says it. */
const WINDOWS: Readonly<Record<string, number | null>> = {
  AveragePool: null,
  Conv: 1,
  ConvInteger: 1,
  ConvTranspose: 1,
  DeformConv: 1,
  LpPool: null,
  MaxPool: null,
  MaxUnpool: null,
  QLinearConv: 3,
};

/**
 * Refuses a convolution or pool of absurd size before anything is built of it: along each axis,
 * kernel, stride, dilation and pads reach no further than twice the input, or {@link FREE_WINDOW}.
 *
 * @throws {UnusableNetworkError} With the node, the number and its range.
 */
export function checkWindow(node: NodeProto, facts: ReadonlyMap<string, Fact>): void {
  checkNeighbours(node, facts);
  const kernels = isStandardDomain(node.domain) ? own(WINDOWS, node.opType) : undefined;
  const input = facts.get(node.input[0] ?? "")?.dims;
  if (kernels === undefined || input === undefined) return;
  const refuse = (reason: string): never => {
    throw new UnusableNetworkError(`Cannot use ${describeNode(node)}: ${reason}`);
  };
  const attributes = new Attributes(node);
  const spatial = input.slice(2);
  let kernel: readonly number[] | undefined;
  if (kernels === null) kernel = attributes.ints("kernel_shape", []);
  else {
    const weights = facts.get(node.input[kernels] ?? "")?.dims;
    if (weights === undefined) return;
    if (weights.length !== input.length) {
      refuse(`its kernels are [${weights}], expected ${input.length} axes as the input has`);
    }
    checkGroups(node, input, weights, attributes.int("group", 1), refuse);
    kernel = weights.slice(2);
  }
  const most = spatial.map((extent) => Math.max(FREE_WINDOW, 2 * extent));
  const check = (what: string, values: readonly number[], least: number, times: number) => {
    if (values.length !== times * spatial.length) {
      refuse(`${what} has ${values.length} numbers, expected ${times * spatial.length}`);
    }
    values.forEach((value, i) => {
      const highest = most[i % spatial.length];
      if (value >= least && value <= highest) return;
      refuse(`${what} is [${values}], expected ${least} to ${highest} at axis ${i}`);
    });
  };
  check("its kernel", kernel, 1, 1);
  const ones = spatial.map(() => 1);
  const dilations = attributes.ints("dilations", ones);
  check("strides", attributes.ints("strides", ones), 1, 1);
  check("dilations", dilations, 1, 1);
  check("its kernel with its dilations", kernel.map((k, i) => (k - 1) * dilations[i] + 1), 1, 1);
  check("pads", attributes.ints("pads", [...ones, ...ones].map(() => 0)), 0, 2);
}

/** An LRN looks at `size` channels. */
function checkNeighbours(node: NodeProto, facts: ReadonlyMap<string, Fact>): void {
  if (node.opType !== "LRN" || !isStandardDomain(node.domain)) return;
  const [, channels = 0] = facts.get(node.input[0] ?? "")?.dims ?? [];
  const [size, most] = [new Attributes(node).int("size", 1), Math.max(FREE_WINDOW, 2 * channels)];
  if (size >= 1 && size <= most) return;
  throw new UnusableNetworkError(
    `Cannot use ${describeNode(node)}: its size is ${size}, expected 1 to ${most}`,
  );
}

/** ConvTranspose has its kernels the other way round: [C, M / groups] in the place of [M, C / groups]. */
function checkGroups(
  { opType }: NodeProto,
  [, channels]: readonly number[],
  [first, second]: readonly number[],
  groups: number,
  refuse: (reason: string) => never,
): void {
  const isTransposed = opType === "ConvTranspose";
  const fits = groups >= 1 && channels === (isTransposed ? first : second * groups) &&
    first % groups === 0;
  if (fits) return;
  refuse(
    `group is ${groups}, expected one that divides the kernels [${first}, ${second}] for ` +
      `${channels} channels`,
  );
}
