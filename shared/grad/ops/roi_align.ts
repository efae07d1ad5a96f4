import { InputError } from "../../errors.ts";
import { DataType } from "../../onnx/mod.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** What there is of a region along one axis. */
interface RegionAxis {
  /** Which elements of a region, x1 y1 x2 y2, begin and end it. */
  readonly from: number;
  readonly to: number;
  /** Of the map. */
  readonly extent: number;
  /** Of the result. */
  readonly bins: number;
}

/** Sampled places in each bin, by region; unknown where regions are, and their number follows from them. */
function samplesOf(scope: GradientScope, { from, to, bins }: RegionAxis): readonly number[] {
  const count = scope.dims(1)[0];
  const stated = scope.attributes.int("sampling_ratio", 0);
  if (stated > 0) return new Array<number>(count).fill(stated);
  const regions = scope.value(1);
  return Array.from({ length: count }, (_, i) => {
    const [low, high] = [regions[4 * i + from], regions[4 * i + to]];
    return Math.max(0, Math.ceil(sizeOf(scope, low, high) / bins));
  });
}

const isWhole = ({ attributes }: GradientScope) =>
  attributes.string("coordinate_transformation_mode", "half_pixel") === "output_half_pixel";

const scaleOf = ({ attributes }: GradientScope) => attributes.float("spatial_scale", 1);

/** Extent of a region on the map: before operator set 16, one pixel at least. */
function sizeOf(scope: GradientScope, low: number, high: number): number {
  const size = Math.fround(Math.fround(high * scaleOf(scope)) - Math.fround(low * scaleOf(scope)));
  return isWhole(scope) ? Math.max(size, 1) : size;
}

/** How each bin of each region weighs the rows or columns of the map, [regions, bins, extent]. */
function weights(scope: GradientScope, axis: RegionAxis): string {
  const { emit: e, x, dims } = scope;
  const { from, to, extent, bins } = axis;
  const count = dims(1)[0];
  const samples = samplesOf(scope, axis);
  const most = Math.max(1, ...samples);
  const edge = (at: number) =>
    e.shift(e.scale(e.slice(x(1), 1, at, at + 1), scaleOf(scope)), isWhole(scope) ? 0 : -0.5);
  const low = edge(from);
  const plain = e.sub(edge(to), low);
  const size = isWhole(scope) ? e.op("Max", [plain, e.scalar(1, plain)]) : plain;
  // Each place as a share of its region; those that a region has not get the weight 0.
  const shares = new Float32Array(count * bins * most);
  const shared = new Float32Array(count * most);
  samples.forEach((number, region) => {
    for (let step = 0; step < number; step++) {
      shared[region * most + step] = 1 / number;
      for (let bin = 0; bin < bins; bin++) {
        shares[(region * bins + bin) * most + step] = (bin + (step + 0.5) / number) / bins;
      }
    }
  });
  const share = e.array(shares, [count, bins * most], size);
  const place = e.reshape(e.add(e.mul(share, size), low), [count, bins, most, 1]);
  const zero = e.scalar(0, place);
  const inside = e.op("Max", [e.op("Min", [place, e.scalar(extent - 1, place)]), zero]);
  const columns = e.array(Array.from({ length: extent }, (_, i) => i), [extent], place);
  // A tent around each place: what linear interpolation reads.
  const tent = e.relu(e.shift(e.neg(e.op("Abs", [e.sub(inside, columns)])), 1));
  const isBeyond = e.op("Or", [
    e.less(place, e.scalar(-1, place)),
    e.greater(place, e.scalar(extent, place)),
  ]);
  const read = e.where(isBeyond, zero, tent);
  const weighed = e.mul(read, e.array(shared, [count, 1, most, 1], place));
  return e.reshape(e.reduceSum(weighed, [2]), [count, bins, extent]);
}

/**
 * Y[r, c, p, q] = sum over i, j of R[r, p, i] S[r, q, j] X[n(r), c, i, j], where R and S average
 * places between rows and columns: dX is a product with both.
 *
 * @see He et al., "Mask R-CNN", ICCV 2017
 */
export const roiAlign: GradientRow = {
  convention: "regions pass nothing, as in torchvision",
  rule: (scope) => {
    const { emit: e, dims, x, dy } = scope;
    const mode = scope.attributes.string("mode", "avg");
    if (mode !== "avg") {
      throw new InputError(
        `Cannot differentiate RoiAlign "${scope.y()}": the mode "${mode}" is not supported, ` +
          'expected "avg"',
      );
    }
    const [batch, channels, height, width] = dims(0);
    const [count, , rowBins, columnBins] = e.dims(scope.y());
    const rows = weights(scope, { from: 1, to: 3, extent: height, bins: rowBins });
    const columns = weights(scope, { from: 0, to: 2, extent: width, bins: columnBins });
    // [regions, C, bins, W], then by channel, the bins of all regions below each other.
    const across = e.matMul(dy(), e.reshape(columns, [count, 1, columnBins, width]));
    const below = e.reshape(e.transpose(across, [1, 0, 2, 3]), [
      1,
      channels,
      count * rowBins,
      width,
    ]);
    const images = e.array(Array.from({ length: batch }, (_, i) => i), [batch, 1], rows);
    const belongs = e.castLike(
      e.cast(
        e.equal(images, e.reshape(e.castLike(x(2), rows), [1, count])),
        DataType.float32,
      ),
      rows,
    );
    const own = e.mul(e.reshape(belongs, [batch, count, 1, 1]), rows);
    const upright = e.transpose(e.reshape(own, [batch, count * rowBins, height]), [0, 2, 1]);
    const down = e.reshape(upright, [batch, 1, height, count * rowBins]);
    return [e.matMul(down, below), null, null];
  },
};
