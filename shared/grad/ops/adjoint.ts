import { InputError } from "../../errors.ts";
import { normalizeAxis } from "../../onnx/mod.ts";
import { windowOf } from "../../onnx/shape/window.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** Y = X turned by angles; dX is dY turned back by them. */
const rotaryEmbedding: GradientRow = {
  rule: (scope) => {
    const { emit: e, x, dy, wants, has } = scope;
    if (wants(1) || wants(2)) {
      throw new InputError(
        `Cannot differentiate RotaryEmbedding "${scope.y()}" by its angles: they are computed ` +
          "from what is differentiated, expected constants",
      );
    }
    const places = has(3) ? [x(3)] : [];
    const { attributes } = scope;
    const kept = Object.fromEntries(
      ["interleaved", "num_heads", "rotary_embedding_dim"].flatMap((name) => {
        const value = attributes.int(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    return [e.op("RotaryEmbedding", [dy(), x(1), e.neg(x(2)), ...places], kept), null, null, null];
  },
};

/** What is cut off or added around the centre is the other way round on the way back. */
const centerCropPad: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy }: GradientScope) => {
    const axes = attributes.ints("axes", dims(0).map((_, axis) => axis))
      .map((axis) => normalizeAxis(axis, dims(0).length));
    return [
      e.op("CenterCropPad", [dy(), e.ints(axes.map((axis) => dims(0)[axis]))], { axes }),
      null,
    ];
  },
};

/** Y = sums of blocks where they overlap; dX reads the block of each place from dY. */
const col2Im: GradientRow = {
  rule: (scope) => {
    const { emit: e, attributes, dims, dy, value } = scope;
    const [image, block] = [value(1), value(2)];
    const rank = image.length;
    const [n, rows, columns] = dims(0);
    const blockSize = block.reduce((a, b) => a * b, 1);
    const channels = rows / blockSize;
    const { padsBegin, padsEnd, strides, dilations, output } = windowOf(attributes, image, block);
    const padded = image.map((extent, axis) => extent + padsBegin[axis] + padsEnd[axis]);
    const spread = e.pad(dy(), [0, 0, ...padsBegin], [0, 0, ...padsEnd]);
    const flat = e.reshape(spread, [n, channels, padded.reduce((a, b) => a * b, 1)]);
    const sources = places(block).flatMap((within) =>
      places(output).map((at) =>
        padded.reduce(
          (index, extent, axis) =>
            index * extent + at[axis] * strides[axis] + within[axis] * dilations[axis],
          0,
        )
      )
    );
    if (rank !== block.length) throw new InputError(`Cannot differentiate Col2Im "${scope.y()}"`);
    const read = e.op("Gather", [flat, e.ints(sources)], { axis: 2 });
    return [e.reshape(read, [n, rows, columns]), null, null];
  },
};

/** All places of a block, in row-major order. */
function places(extents: readonly number[]): number[][] {
  return extents.reduce<number[][]>(
    (before, extent) =>
      before.flatMap((place) => Array.from({ length: extent }, (_, i) => [...place, i])),
    [[]],
  );
}

/** Y = [x, y, 1] of each place times theta; d theta adds up over the places. */
const affineGrid: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy, value, y }: GradientScope) => {
    const [n, , ...extents] = value(1);
    if (extents.length !== 2) {
      throw new InputError(
        `Cannot differentiate AffineGrid "${y()}": it makes a grid of ${extents.length} axes, ` +
          "expected 2",
      );
    }
    const isAligned = attributes.int("align_corners", 0) === 1;
    const along = (extent: number) => (i: number) =>
      isAligned ? (extent === 1 ? 0 : -1 + 2 * i / (extent - 1)) : (2 * i + 1) / extent - 1;
    const [down, across] = extents.map(along);
    const base = places(extents).flatMap(([row, column]) => [across(column), down(row), 1]);
    const count = extents[0] * extents[1];
    const columns = e.transpose(e.reshape(dy(), [n, count, 2]), [0, 2, 1]);
    const theta = e.matMul(columns, e.array(base, [1, count, 3], dy()));
    return [e.reshape(theta, dims(0)), null];
  },
};

/** Linear operators whose adjoint is itself one, or a few products. */
export const adjointRules = {
  AffineGrid: affineGrid,
  CenterCropPad: centerCropPad,
  Col2Im: col2Im,
  RotaryEmbedding: rotaryEmbedding,
} as const satisfies Record<string, GradientRow>;
