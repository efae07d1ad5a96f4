import { InputError } from "../../errors.ts";

/**
 * The common shape of operands, by NumPy's rule.
 *
 * @throws {RangeError} If two extents differ and neither is 1.
 */
export function broadcastDims(...shapes: readonly (readonly number[])[]): number[] {
  const rank = shapes.reduce((most, dims) => Math.max(most, dims.length), 0);
  return Array.from({ length: rank }, (_, axis) => {
    let result = 1;
    for (const dims of shapes) {
      const extent = dims[axis - rank + dims.length] ?? 1;
      if (extent === 1) continue;
      if (result !== 1 && result !== extent) {
        throw new InputError(
          `shapes ${shapes.slice(0, 8).map((s) => `[${s}]`).join(" and ")} do not broadcast`,
        );
      }
      result = extent;
    }
    return result;
  });
}
