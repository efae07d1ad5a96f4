import {
  attribute,
  Attributes,
  type AttributeValues,
  type NodeProto,
  operatorOf,
} from "../../onnx/mod.ts";
import { type Window, windowOf } from "../../onnx/shape/window.ts";
import type { Locality, LocalityRule, LocalityRules, SpatialAxis } from "../locality.ts";
import { endOf, type Span } from "../span.ts";

/** The lowest float32: what a maximum takes no notice of, and shaders can count with. */
const LOWEST = -3.4028234663852886e38;

/** Time for one element of the result: a comparison or an addition for each of the window. */
const poolWork = (node: NodeProto, { kernel }: Window) =>
  operatorOf(node)!.work * kernel[0] * kernel[1];

const conv: LocalityRule = ({ node, attributes, input, isChanged }) => {
  const [x, weight] = [input(0), input(1)];
  if (isChanged(1) || isChanged(2)) return "its weights are computed from the image";
  if (!x || !weight || x.dims.length !== 4) return "it is not over rows and columns";
  const kernel = weight.dims.slice(2);
  const window = windowOf(attributes, x.dims.slice(2), kernel);
  const multiplyAdds = weight.dims[1] * kernel[0] * kernel[1];
  return {
    ...sliding(window),
    fill: 0,
    multiplyAdds,
    work: multiplyAdds,
    node: withAttributes(node, BORDERS, { pads: NO_PADS }),
  };
};

const pool = (build: (window: Window, spatial: readonly number[], node: NodeProto) => Locality) => {
  const rule: LocalityRule = ({ node, attributes, input }) => {
    const x = input(0);
    if (!x || x.dims.length !== 4) return "it is not over rows and columns";
    if (node.output.slice(1).some((name) => name !== "")) return "it outputs indices";
    const spatial = x.dims.slice(2);
    return build(windowOf(attributes, spatial, attributes.ints("kernel_shape", [])), spatial, node);
  };
  return rule;
};

const maxPool = pool((window, _spatial, node) => ({
  ...sliding(window),
  fill: LOWEST,
  multiplyAdds: 0,
  work: poolWork(node, window),
  node: withAttributes(node, BORDERS, { pads: NO_PADS }),
}));

const averagePool = pool((window, spatial, node) => {
  const countsPads = new Attributes(node).int("count_include_pad", 0) === 1;
  const counts = ([0, 1] as const).map((axis) =>
    countedElements(window, spatial, axis, countsPads)
  );
  const isEven = counts.every((row, axis) => row.every((count) => count === window.kernel[axis]));
  return {
    ...sliding(window),
    fill: 0,
    multiplyAdds: 0,
    work: poolWork(node, window),
    node: withAttributes(node, [...BORDERS, "count_include_pad"], { pads: NO_PADS }),
    ...!isEven && { factor: (axis, output) => window.kernel[axis] / counts[axis][output] },
  };
});

/** By how many elements each window of an average is divided, along one axis. */
function countedElements(
  { kernel, strides, dilations, padsBegin, padsEnd, output }: Window,
  spatial: readonly number[],
  axis: SpatialAxis,
  countsPads: boolean,
): readonly number[] {
  const low = countsPads ? -padsBegin[axis] : 0;
  const high = spatial[axis] + (countsPads ? padsEnd[axis] : 0);
  return Array.from({ length: output[axis] }, (_, i) => {
    const start = i * strides[axis] - padsBegin[axis];
    const places = Array.from({ length: kernel[axis] }, (_, k) => start + k * dilations[axis]);
    return places.filter((at) => at >= low && at < high).length;
  });
}

/** Which windows see a change, and what those windows look at. */
function sliding(window: Window): Pick<Locality, "changes" | "reads"> {
  const { strides, padsBegin, output } = window;
  const reachOf = (axis: SpatialAxis) => (window.kernel[axis] - 1) * window.dilations[axis] + 1;
  return {
    changes(axis, [input]) {
      const [stride, pad, reach] = [strides[axis], padsBegin[axis], reachOf(axis)];
      const end = endOf(input);
      // Where the stride steps over elements, the windows before and after them are taken too, so
      // that what is read always holds all that changed.
      const first = Math.min(
        Math.ceil((input.start + pad - reach + 1) / stride),
        Math.floor((input.start + pad) / stride),
      );
      const last = Math.max(
        Math.floor((end - 1 + pad) / stride),
        Math.ceil((end + pad - reach) / stride),
      );
      const start = Math.min(Math.max(first, 0), output[axis] - 1);
      return { start, size: Math.max(Math.min(last, output[axis] - 1), start) - start + 1 };
    },
    reads(axis, rows, input): Span {
      const start = rows.start * strides[axis] - padsBegin[axis];
      const end = (endOf(rows) - 1) * strides[axis] - padsBegin[axis] + reachOf(axis);
      // Rows behind the last window, too few for another one, stay in the crop.
      return { start, size: Math.max(end, endOf(input)) - start };
    },
  };
}

const BORDERS = ["auto_pad", "ceil_mode", "pads"];
const NO_PADS = [0, 0, 0, 0];

function withAttributes(
  node: NodeProto,
  dropped: readonly string[],
  set: AttributeValues,
): NodeProto {
  const kept = node.attribute.filter(({ name = "" }) => !dropped.includes(name));
  const added = Object.entries(set).flatMap(([name, value]) =>
    value === undefined ? [] : [attribute(name, value)]
  );
  return { ...node, attribute: [...kept, ...added] };
}

export const windowRules: LocalityRules = {
  AveragePool: averagePool,
  Conv: conv,
  MaxPool: maxPool,
};
