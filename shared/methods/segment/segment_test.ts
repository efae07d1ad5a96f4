import { runMethod, type RunMethodOptions } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { linearNet } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { openNetwork } from "../../network/open_network.ts";
import { mainComponents } from "./components.ts";
import { colorMixture } from "./color_mixture.ts";
import { grabCut, KNOWN } from "./grab_cut.ts";
import { segment } from "./mod.ts";
import { segmentOptions } from "./options.ts";
import { seedsOf } from "./seeds.ts";
import { fillStroke, formatStrokes, parseStrokes } from "./strokes.ts";
import { seenFrom, ViewMeans, viewsOf } from "./views.ts";

const SIDE = 32;
const AREA = SIDE * SIDE;

const isInDisc = (at: number, x: number, y: number, radius: number) =>
  Math.hypot(at % SIDE + 0.5 - x, Math.floor(at / SIDE) + 0.5 - y) <= radius;
/** A large disc and a small one, both red on green, with a little texture. */
const isLarge = (at: number) => isInDisc(at, 11, 12, 8);
const isSmall = (at: number) => isInDisc(at, 26, 26, 4);

const image = () => {
  const data = new Uint8ClampedArray(4 * AREA).fill(255);
  for (let at = 0; at < AREA; at++) {
    const texture = (7 * at) % 23;
    const isRed = isLarge(at) || isSmall(at);
    data.set(isRed ? [220 - texture, 30 + texture, 40] : [40, 150 + texture, 60 + texture], 4 * at);
  }
  return { width: SIDE, height: SIDE, data };
};

/** Class 0 is the sum of the large disc, class 1 of nothing; so gradients do not move with views. */
async function run(options: Record<string, unknown>, context: RunMethodOptions = {}) {
  const weights = Float32Array.from(
    { length: 3 * AREA * 2 },
    (_, i) => i % 2 === 0 && isLarge((i >> 1) % AREA) ? 1 : 0,
  );
  const manifest = manifestFor({ path: "linear.onnx", height: SIDE, width: SIDE });
  const bytes = linearNet(float32(weights, [3 * AREA, 2]), [3, SIDE, SIDE]);
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  const tensor = float32(new Float32Array(3 * AREA).fill(0.5), [1, 3, SIDE, SIDE]);
  const input = { tensor, image: image() };
  return await runMethod(
    segment,
    network,
    { image: input },
    segmentOptions.parse({ views: 1, ...options }),
    context,
  );
}

function overlap(mask: ArrayLike<number | bigint>, isIn: (at: number) => boolean): number {
  let [both, either] = [0, 0];
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] && isIn(at)) both++;
    if (mask[at] || isIn(at)) either++;
  }
  return both / either;
}

test("segment() cuts out the object that the gradient lies on, and no other of its colours", async () => {
  const steps: number[] = [];
  const onProgress = ({ done }: { done: number }) => steps.push(done);
  const { arrays, measures, images } = await run({ target: "0" }, { onProgress });
  expect(overlap(arrays.mask.data, isLarge)).toBeGreaterThan(0.97);
  expect(measures.area).toBeCloseTo(Math.PI * 64 / AREA, 1);
  expect(measures.box).toEqual({ left: 3, top: 4, width: 16, height: 16 });
  // The edge is soft: half of it lies within the mask, and inside nothing shines through.
  const alphas = Array.from({ length: AREA }, (_, at) => images.cutout.data[4 * at + 3]);
  const rounded = alphas.map((alpha) => Math.round(alpha / 255));
  expect(overlap(Uint8Array.from(rounded), (at) => arrays.mask.data[at] === 1)).toBeGreaterThan(
    0.9,
  );
  expect(alphas[12 * SIDE + 11]).toBe(255);
  expect(alphas.some((alpha) => alpha > 0 && alpha < 255)).toBe(true);
  expect([images.cutout.width, images.mask.height]).toEqual([SIDE, SIDE]);
  expect(steps).toEqual([0, 1]);
});

test("strokes add a part and take one away", async () => {
  const added = await run({ target: "0", strokes: "+26,26,2" });
  expect(overlap(added.arrays.mask.data, (at) => isLarge(at) || isSmall(at))).toBeGreaterThan(0.95);
  const cut = await run({ target: "0", strokes: "-11,12,3" });
  expect(cut.arrays.mask.data[12 * SIDE + 11]).toBe(0);
  await expect(run({ strokes: "+1,2" })).rejects.toThrow('Cannot use the stroke "+1,2": expected');
});

test("segment() of a class without a gradient, and with seeds that overlap", async () => {
  await expect(run({ target: "1" })).rejects.toThrow(
    "Cannot find the object of class 1: the gradient of its logit by the image is 0 everywhere",
  );
  await expect(run({ target: "0", background: 0.9, foreground: 0.5 })).rejects.toThrow("overlap");
  await expect(run({ target: "2" })).rejects.toThrow(RangeError);
});

test("segment() stops when told", async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  const context = { signal: controller.signal, onProgress };
  await expect(run({ target: "0", views: 10 }, context)).rejects.toThrow("enough");
});

test("grabCut() tells colours apart, and leaves what is known", async () => {
  const known = new Uint8Array(AREA).fill(KNOWN.maybeBackground);
  for (let at = 0; at < AREA; at++) {
    if (isInDisc(at, 11, 12, 4)) known[at] = KNOWN.foreground;
    if (at % SIDE > 28 && at < AREA / 2) known[at] = KNOWN.background;
  }
  const cut = await grabCut(image(), known, known, 1);
  expect(overlap(cut, (at) => isLarge(at) || isSmall(at))).toBeGreaterThan(0.95);
  known[0] = KNOWN.foreground;
  expect((await grabCut(image(), known, known, 1))[0]).toBe(1);
});

test("seedsOf() marks the shares that the quantiles say, then the strokes", () => {
  const saliency = Float32Array.from({ length: 100 }, (_, i) => (i * 37) % 100);
  const { cut: known, learned } = seedsOf(
    saliency,
    10,
    { foreground: 0.95, background: 0.3 },
    [],
  );
  expect(learned).toEqual(known);
  const count = (kind: number) => known.filter((value) => value === kind).length;
  expect([count(KNOWN.foreground), count(KNOWN.background)]).toEqual([5, 31]);
  expect(known[saliency.indexOf(99)]).toBe(KNOWN.foreground);
  const strokes = parseStrokes("+0.5,0.5,0.4; -9.5,9.5,0");
  const { cut } = seedsOf(saliency, 10, { foreground: 0.95, background: 0.3 }, strokes);
  expect([cut[0], cut[99]]).toEqual([KNOWN.foreground, KNOWN.background]);
});

test("a stroke is a disc, and at least the pixel under it", () => {
  const fill = (text: string) => {
    const marked: number[] = [];
    for (const stroke of parseStrokes(text)) fillStroke(stroke, 5, 5, (at) => marked.push(at));
    return marked;
  };
  expect(fill("+2.5,2.5,1")).toEqual([7, 11, 12, 13, 17]);
  expect(fill("-4.9,0.1,0")).toEqual([4]);
  expect(fill("-40,40,2")).toEqual([]);
});

test("a stroke with several points is a line through them, and strokes are written as read", () => {
  const marked: number[] = [];
  const text = "+0.5,0.5,0.4,3.5,0.5,3.5,2.5;-1.2,3,0.5";
  const strokes = parseStrokes(text);
  fillStroke(strokes[0], 5, 5, (at) => marked.push(at));
  expect(marked).toEqual([0, 1, 2, 3, 8, 13]);
  expect(formatStrokes(strokes)).toBe(text);
  expect(formatStrokes(parseStrokes("+1.24, 2.26, 3"))).toBe("+1.2,2.3,3");
  expect(() => parseStrokes("+1,2,3,4")).toThrow("for each further point");
});

test("mainComponents() keeps the largest part, and those that hold a kept pixel", () => {
  const mask = Uint8Array.from("1100010000111000".split(""), Number);
  const kept = (pixels: number[]) => [...mainComponents(mask, 4, new Set(pixels))].join("");
  expect(kept([])).toBe("1100010000000000");
  expect(kept([12])).toBe("1100010000001000");
  expect(kept([3])).toBe("1100010000000000");
});

test("views are of the image, and maps of them come back to its pixels", () => {
  const values = Float32Array.from({ length: 30 }, (_, i) => i);
  const image = float32(values, [1, 1, 5, 6]);
  const views = viewsOf(10, 1, 2);
  expect(new Set(views.map((view) => seenFrom(image, view).data.join())).size).toBe(10);
  expect(seenFrom(image, views[1]).data.slice(0, 6)).toEqual(Float32Array.of(5, 4, 3, 2, 1, 0));
  const means = new ViewMeans(5, 6);
  for (const view of views) means.add(view, seenFrom(image, view).data);
  expect([...means.means]).toEqual([...values]);
});

test("a mixture has the weights, means and variances of its groups, in any order of colours", () => {
  const dark = [[10, 20, 30], [12, 20, 30]] as const;
  const bright = [[200, 210, 220], [200, 214, 220]] as const;
  const numbers = colorMixture([...dark, ...bright]);
  expect(numbers).toHaveLength(5 + 15 + 45);
  expect(colorMixture([bright[1], dark[0], bright[0], dark[1]])).toEqual(numbers);
  const weights = numbers.slice(0, 5);
  expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1);
  const mean = [0, 1, 2].map((c) =>
    weights.reduce((sum, weight, i) => sum + weight * numbers[5 + 3 * i + c], 0)
  );
  expect(mean).toEqual([105.5, 116, 125]);
});

test("a cut does not depend on what was cut before", async () => {
  const first = await run({ target: "0" });
  await run({ target: "0", foreground: 0.8, background: 0.5 });
  const again = await run({ target: "0" });
  expect(again.arrays.mask.data).toEqual(first.arrays.mask.data);
});

test("segment() cuts out what any target depends on, and one at a place in one view", async () => {
  const [ofClass, ofSum, ofUnit] = [
    await run({ target: "0" }),
    await run({ target: "2*0 - 1" }),
    await run({ target: "logits:0" }),
  ];
  // Class 1 depends on nothing: twice the gradient, and the same quantiles of it.
  expect(ofSum.arrays.mask).toEqual(ofClass.arrays.mask);
  expect(ofSum.measures).toMatchObject({
    target: "2*class 0 - class 1",
    quantity: "sum of logits",
  });
  expect(ofSum.measures.score).toBeCloseTo(2 * Number(ofClass.measures.score), 3);
  expect(ofUnit.measures).toMatchObject({ quantity: "activation", score: ofClass.measures.score });
  expect(ofUnit.arrays.mask).toEqual(ofClass.arrays.mask);
  await expect(run({ target: "1 - 1" })).rejects.toThrow("the gradient of its sum of logits");
  await expect(run({ target: "0@map" })).rejects.toThrow("they are a row, [1,2], expected a map");
  await expect(run({ target: "code:cup.png" })).rejects.toThrow("it was not given");
});
