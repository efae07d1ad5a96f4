import { expect, test } from "vitest";
import { newCanvas } from "./canvas.ts";
import { colorMatrix } from "./color_matrix.ts";
import { drawSprite, NO_WARP, type Placement } from "./draw_sprite.ts";
import { spriteOf } from "./sprite.ts";

/** A red square, the left half of it blue. */
function flag() {
  const data = new Uint8ClampedArray(32 * 32 * 4);
  for (let i = 0; i < 32 * 32; i++) {
    data.set(i % 32 < 16 ? [0, 0, 255, 255] : [255, 0, 0, 255], 4 * i);
  }
  return spriteOf({ side: 32, data });
}

const upright: Placement = {
  x: 24,
  y: 24,
  size: 20,
  angle: 0,
  isFlipped: false,
  aspect: 1,
  warp: NO_WARP,
  color: colorMatrix({ hue: 0, saturation: 1, contrast: 1, brightness: 0 }),
};

function draw(change: Partial<Placement>) {
  const canvas = newCanvas(48);
  drawSprite(canvas, flag(), { ...upright, ...change }, 3);
  const colorAt = (x: number, y: number) => {
    const at = 3 * (y * 48 + x);
    return [...canvas.rgb.subarray(at, at + 3)].map((level) => Math.round(level));
  };
  return { colorAt, area: canvas.owner.filter((owner) => owner === 3).length };
}

test("a sprite covers its square and owns it", () => {
  const { colorAt, area } = draw({});
  expect(area).toBeGreaterThanOrEqual(18 * 18);
  expect(area).toBeLessThanOrEqual(20 * 20);
  expect([colorAt(18, 24), colorAt(30, 24), colorAt(10, 24)]).toEqual([[0, 0, 1], [1, 0, 0], [
    0,
    0,
    0,
  ]]);
});

test("flipping exchanges left and right, half a turn too, and a quarter turns clockwise", () => {
  expect(draw({ isFlipped: true }).colorAt(18, 24)).toEqual([1, 0, 0]);
  expect(draw({ angle: Math.PI }).colorAt(18, 24)).toEqual([1, 0, 0]);
  // What was on the left comes to the top.
  expect(draw({ angle: Math.PI / 2 }).colorAt(24, 18)).toEqual([0, 0, 1]);
});

test("the aspect keeps the area", () => {
  const { colorAt, area } = draw({ aspect: 1.5 });
  expect(colorAt(24 + 1, 34)).toEqual([1, 0, 0]);
  expect(Math.abs(area - draw({}).area)).toBeLessThan(40);
});

test("what lies outside the canvas is cut off", () => {
  expect(draw({ x: -100 }).area).toBe(0);
  expect(draw({ x: 0 }).area).toBeLessThan(11 * 20);
});

test("a sheared sprite keeps its middle row and moves the others", () => {
  const { colorAt } = draw({ warp: { ...NO_WARP, shear: 0.5 } });
  expect([colorAt(22, 24), colorAt(26, 24)]).toEqual([[0, 0, 1], [1, 0, 0]]);
  // Half of half the size, less what the row is short of the border.
  expect([colorAt(26, 16), colorAt(22, 32)]).toEqual([[0, 0, 1], [1, 0, 0]]);
});

test("a warped sprite is drawn as far as it reaches", () => {
  const { area } = draw({ warp: { ...NO_WARP, shear: 0.5 } });
  expect(area).toBeGreaterThanOrEqual(18 * 18);
});
