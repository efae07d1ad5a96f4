import { expect, test } from "vitest";
import { methods } from "../../../../shared/methods/registry.ts";
import { type Asked, isCheap, Rates, workOf } from "./cost.ts";

const asked = (method: string, options: Readonly<Record<string, string>> = {}): Asked => ({
  method,
  option: (name) => options[name] ?? "",
  input: { height: 224, width: 224 },
});

test("the work of every method that a page offers is known", async () => {
  const all = await Promise.all(methods.map((row) => row.load()));
  const offered = all.filter(({ takes }) => takes.corpus !== "required").map(({ id }) => id);
  expect(offered.filter((id) => workOf(asked(id)) === undefined)).toEqual([]);
});

test.each(
  [
    // 13 x 13 windows of 32 in steps of 16 cover 224 pixels.
    ["occlusion", {}, 169, "positions"],
    ["occlusion", { window: "64", stride: "32" }, 36, "positions"],
    ["occlusion", { window: "500" }, 0, "positions"],
    ["integrated-gradients", {}, 32, "steps"],
    ["integrated-gradients", { baseline: "noise", samples: "4", steps: "10" }, 40, "steps"],
    ["deep-dream", { octaves: "2", iterations: "5" }, 10, "steps"],
    ["cam", { method: "scorecam", channels: "64" }, 64, "channels"],
  ] as const,
)("%s with %j takes %i %s", (method, options, steps, unit) => {
  expect(workOf(asked(method, options))).toMatchObject({ steps, unit });
});

test.each(
  [
    ["gradient", {}, true],
    ["gradient", { samples: "25" }, false],
    ["gradient", { evaluate: "true" }, false],
    ["cam", {}, true],
    ["cam", { method: "scorecam" }, false],
    ["cam", { sanity: "true" }, false],
    ["occlusion", {}, false],
    ["lrp", {}, true],
    ["weights", {}, true],
  ] as const,
)("%s with %j runs by itself: %s", (method, options, expected) => {
  expect(isCheap(asked(method, options))).toBe(expected);
});

test("times are those of a forward pass first, then the method's own", () => {
  const rates = new Rates();
  const occlusion = asked("occlusion");
  expect(rates.textOf("here", occlusion)).toBe("169 positions");
  rates.learn("here", asked("classify"), 400);
  rates.learn("here", asked("classify"), 100);
  // 169 positions of half a pass of 100 ms.
  expect(rates.textOf("here", occlusion)).toBe("169 positions, about 8 s");
  expect(rates.textOf("elsewhere", occlusion)).toBe("169 positions");
  rates.learn("here", occlusion, 16_900);
  expect(rates.textOf("here", occlusion)).toBe("169 positions, about 17 s");
  expect(rates.textOf("here", asked("gradient"))).toBe("1 samples, under 1 s");
});
