import { runMethod } from "../../shared/contract/run_method.ts";
import { segment, segmentOptions } from "../../shared/methods/segment/mod.ts";
import type { QualityPart } from "./quality_part.ts";
import { scenesFor } from "./scenes_for.ts";

/** Ways to cut, by the options that differ from the defaults. */
const WAYS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "default": {},
  "as published, not smoothed": { smooth: 0 },
  "guided": { rule: "guided" },
};

/** How well the object is cut out, in scenes with nothing else in them. */
export const segmentation: QualityPart = {
  name: "segmentation",
  summary: "Intersection over union of the cut-out and the only object of a scene.",
  scenes: 500,
  async run(network, count, signal) {
    const overlaps = Object.keys(WAYS).map((): number[] => []);
    for await (const { input, main: { classIndex, mask }, others } of scenesFor(network, count)) {
      if (others.length > 0) continue;
      for (const [i, options] of Object.values(WAYS).entries()) {
        const { arrays } = await runMethod(
          segment,
          network,
          { image: input },
          segmentOptions.parse({ target: `${classIndex}`, ...options }),
          { signal },
        );
        overlaps[i].push(intersectionOverUnion(arrays.mask.data as Uint8Array, mask));
      }
    }
    return Object.keys(WAYS).map((cut, i) => {
      const sorted = overlaps[i].toSorted((a, b) => a - b);
      const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
      return {
        cut,
        scenes: sorted.length,
        mean: mean.toFixed(3),
        median: sorted.length > 0 ? sorted[sorted.length >> 1].toFixed(3) : "-",
      };
    });
  },
};

function intersectionOverUnion(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  a.forEach((value, i) => {
    both += value & b[i];
    either += value | b[i];
  });
  return either === 0 ? 0 : both / either;
}
