import { runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import { openNetwork } from "../../network/open_network.ts";
import type { Progress } from "../../contract/method.ts";
import { classModel } from "./mod.ts";
import { classModelOptions } from "./options.ts";

const SIDE = 20;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });

const run = async (options: Record<string, unknown>, context = {}) => {
  const bytes = convNet({ height: SIDE, width: SIDE });
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  return await runMethod(classModel, network, {}, classModelOptions.parse(options), context);
};

test.each(["fourier", "simonyan", "yosinski-1", "yosinski-2", "yosinski-3", "yosinski-4"])(
  "classModel() by %s makes an image that the network scores higher than at the start",
  async (recipe) => {
    const first = await run({ target: "2", recipe, steps: 1 });
    const { measures, images, arrays } = await run({ target: "2", recipe, steps: 40 });
    expect(measures.logit).toBeGreaterThan(first.measures.logit as number);
    expect(measures).toMatchObject({ target: "class 2", targetIndex: 2, recipe, steps: 40 });
    for (const name of ["shiftedProbability", "turnedProbability", "jpegProbability"]) {
      expect(measures[name]).toBeGreaterThan(0);
      expect(measures[name]).toBeLessThanOrEqual(1);
    }
    expect(images["class-model"]).toMatchObject({ width: SIDE, height: SIDE });
    expect(Object.keys(images)[0]).toBe("class-model");
    expect(arrays.image.dims).toEqual([1, 3, SIDE, SIDE]);
  },
);

test("classModel() makes several images from seeds, each the same when made again", async () => {
  const several = await run({ target: "1", steps: 5, count: 2, seed: 3 });
  const second = await run({ target: "1", steps: 5, seed: 4 });
  expect(several.arrays["image-2"].data).toEqual(second.arrays.image.data);
  expect(several.arrays["image-2"].data).not.toEqual(several.arrays.image.data);
  expect(several.measures.images).toMatchObject([{ seed: 3 }, { seed: 4 }]);
});

test("classModel() says how far it is, shows it, and stops when told", async () => {
  const controller = new AbortController();
  const seen: Progress[] = [];
  const onProgress = (progress: Progress) => {
    seen.push(progress);
    if (progress.done === 3) controller.abort(new Error("enough"));
  };
  const running = run({ steps: 50 }, { signal: controller.signal, onProgress });
  await expect(running).rejects.toThrow("enough");
  expect(seen.map(({ done, total }) => [done, total])).toEqual([[1, 50], [2, 50], [3, 50]]);
  expect(seen[0].preview!()).toMatchObject({ width: SIDE, height: SIDE });
});

test.each([
  [{ target: "9" }, "9"],
  [{ target: "nothing" }, 'Cannot find the class "nothing"'],
  [{ target: "relu2:3" }, 'Cannot visualize the class "relu2:3": it is a unit, and units are'],
  [{ target: "3 - 2" }, "it is a sum of classes, and one class is raised at a time"],
  [{ target: "3@map" }, "it is a part of a map of scores"],
  [{ target: "code:cup.png" }, "made by the method inversion; expected a class"],
  [{ recipe: "simonyan", count: 2 }, "Cannot make 2 images with the recipe simonyan"],
])("classModel() refuses %j", async (options, message) => {
  await expect(run(options)).rejects.toThrow(message);
});
