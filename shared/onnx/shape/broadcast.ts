import { InputError } from "../../errors.ts";

/**
 * The common shape of operands, by NumPy's rule.
 *
 * @throws {RangeError} If two extents differ and neither is 1.
 */
export function broadcastDims(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    let result = 1;
    for (const dims of shapes) {
      const extent = dims[axis - rank + dims.length] ?? 1;
      if (extent === 1) continue;
      if (result !== 1 && result !== extent) {
        throw new InputError(
          `shapes ${shapes.map((s) => `[${s}]`).join(" and ")} do not broadcast`,
        );
      }
      result = extent;
    }
    return result;
  });
}
