import { expect, test } from "vitest";
import { type ColorChange, colorMatrix } from "./color_matrix.ts";

const same: ColorChange = { hue: 0, saturation: 1, contrast: 1, brightness: 0 };

function apply(change: Partial<ColorChange>, color: readonly number[]): number[] {
  const { factors, offset } = colorMatrix({ ...same, ...change });
  return [0, 1, 2].map((row) =>
    color.reduce((sum, level, column) => sum + factors[3 * row + column] * level, offset)
  );
}

function expectColor(found: number[], expected: readonly number[]): void {
  found.forEach((level, c) => expect(level).toBeCloseTo(expected[c], 12));
}

test("no change leaves colours as they are", () => {
  expectColor(apply({}, [0.2, 0.5, 0.9]), [0.2, 0.5, 0.9]);
});

test("a third of a turn makes red green", () => {
  expectColor(apply({ hue: 2 * Math.PI / 3 }, [1, 0, 0]), [0, 1, 0]);
});

test("grey stays grey, and without saturation everything is", () => {
  expectColor(apply({ hue: 1, saturation: 1.3 }, [0.4, 0.4, 0.4]), [0.4, 0.4, 0.4]);
  expectColor(apply({ saturation: 0 }, [1, 0, 0]), [0.299, 0.299, 0.299]);
});

test("contrast pivots on middle grey, and brightness is added", () => {
  expectColor(apply({ contrast: 0.5 }, [0.5, 1, 0]), [0.5, 0.75, 0.25]);
  expectColor(apply({ brightness: 0.1 }, [0.5, 0.2, 0]), [0.6, 0.3, 0.1]);
});
