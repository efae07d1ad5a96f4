import { InputError } from "../../errors.ts";

/** How each operator whose form changed between operator sets 7 and 18 is rewritten. */
import { float32 } from "../../tensor/tensor.ts";
import type { RewriteScope } from "../rewrite/rewrite_nodes.ts";

/** The number of axes of a stored value; undefined for others. */
export type RankOf = (value: string) => number | undefined;

/** Rewrites one node of operator set `opset`. */
export type Upgrade = (scope: RewriteScope, opset: number, rankOf: RankOf) => void;

const scalar = (value: number) => float32(new Float32Array([value]), []);

/** An integer-list attribute that became input `1`. */
function attributeToInput(name: string): Upgrade {
  return (scope) => {
    const values = scope.attributes.ints(name);
    const inputs = [scope.node.input[0]];
    if (values !== undefined) inputs.push(scope.ints(values));
    scope.rewrite(inputs, [name]);
  };
}

const clip: Upgrade = (scope) => {
  const bound = (name: string, fallback: number) =>
    scope.constant(scalar(scope.attributes.float(name, fallback)));
  // Both bounds are written out, since the largest float is the default of the old form.
  const largest = 3.4028234663852886e38;
  scope.rewrite(
    [scope.node.input[0], bound("min", -largest), bound("max", largest)],
    ["min", "max"],
  );
};

const pad: Upgrade = (scope) => {
  const pads = scope.attributes.ints("pads") ?? scope.attributes.ints("paddings", []);
  const value = scope.constant(scalar(scope.attributes.float("value", 0)));
  scope.rewrite([scope.node.input[0], scope.ints(pads), value], ["pads", "paddings", "value"]);
};

const slice: Upgrade = (scope) => {
  const [starts, ends] = [scope.attributes.ints("starts", []), scope.attributes.ints("ends", [])];
  const axes = scope.attributes.ints("axes", starts.map((_, i) => i));
  scope.rewrite(
    [scope.node.input[0], scope.ints(starts), scope.ints(ends), scope.ints(axes)],
    ["starts", "ends", "axes"],
  );
};

const split: Upgrade = (scope) => {
  const { node } = scope;
  const sizes = scope.attributes.ints("split");
  const inputs = sizes ? [node.input[0], scope.ints(sizes)] : node.input;
  const parts = inputs.length > 1 ? undefined : node.output.length;
  scope.rewrite(inputs, ["split"], { num_outputs: parts });
};

/** Until 13 these worked on the matrix that the shape makes when it is split at `axis`. */
const flattenedSoftmax: Upgrade = (scope) => {
  const [x] = scope.node.input;
  const flat = scope.op("Flatten", [x], { axis: scope.attributes.int("axis", 1) });
  const result = scope.op(scope.node.opType!, [flat], { axis: -1 });
  scope.replace("Reshape", [result, scope.op("Shape", [x])]);
};

const resizeLike = (scales: string, scope: RewriteScope) =>
  scope.replace("Resize", [scope.node.input[0], "", scales], {
    mode: scope.attributes.string("mode", "nearest"),
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });

const upsample: Upgrade = (scope) => {
  const given = scope.attributes.floats("scales");
  const scales = given
    ? scope.constant(float32(Float32Array.from(given), [given.length]))
    : scope.node.input[1];
  resizeLike(scales, scope);
};

const resize: Upgrade = (scope, opset) => {
  if (opset < 11) return resizeLike(scope.node.input[1], scope);
  if (scope.attributes.string("coordinate_transformation_mode", "") === "tf_half_pixel_for_nn") {
    throw new InputError('the coordinate mode "tf_half_pixel_for_nn" was removed from ONNX');
  }
};

const batchNormalization: Upgrade = (scope, opset, rankOf) => {
  // MXNet writes spatial=0 where there is one statistic a channel, which is what it is elsewhere.
  const isPerChannel = rankOf(scope.node.input[1]) === 1;
  if (opset < 9 && !isPerChannel && scope.attributes.int("spatial", 1) === 0) {
    throw new InputError("statistics per element (spatial=0) were removed from ONNX");
  }
  scope.rewrite(scope.node.input, ["spatial"]);
};

const dropout: Upgrade = (scope) =>
  scope.rewrite(scope.node.input.slice(0, 1), ["ratio", "is_test"]);

const topK: Upgrade = (scope) => {
  const k = scope.attributes.int("k");
  if (k !== undefined) scope.rewrite([scope.node.input[0], scope.ints([k])], ["k"]);
};

const reductions = `ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin
  ReduceProd ReduceSumSquare`.split(/\s+/);

/** From operator set `since` on the operator has its present form. */
export const UPGRADES: Readonly<Record<string, { since: number; upgrade: Upgrade }>> = {
  BatchNormalization: { since: 9, upgrade: batchNormalization },
  Clip: { since: 11, upgrade: clip },
  Dropout: { since: 12, upgrade: dropout },
  Hardmax: { since: 13, upgrade: flattenedSoftmax },
  LogSoftmax: { since: 13, upgrade: flattenedSoftmax },
  Pad: { since: 11, upgrade: pad },
  ReduceSum: { since: 13, upgrade: attributeToInput("axes") },
  Resize: { since: 13, upgrade: resize },
  Scatter: {
    since: 11,
    upgrade: (scope) =>
      scope.replace("ScatterElements", scope.node.input, { axis: scope.attributes.int("axis", 0) }),
  },
  RoiAlign: {
    since: 16,
    // What it did before there was a choice.
    upgrade: (scope) =>
      scope.rewrite(scope.node.input, [], { coordinate_transformation_mode: "output_half_pixel" }),
  },
  Slice: { since: 10, upgrade: slice },
  Softmax: { since: 13, upgrade: flattenedSoftmax },
  Split: { since: 18, upgrade: split },
  Squeeze: { since: 13, upgrade: attributeToInput("axes") },
  TopK: { since: 10, upgrade: topK },
  Unsqueeze: { since: 13, upgrade: attributeToInput("axes") },
  Upsample: { since: 18, upgrade: upsample },
  ...Object.fromEntries(
    reductions.map((name) => [name, { since: 18, upgrade: attributeToInput("axes") }]),
  ),
};
