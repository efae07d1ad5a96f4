import { pointsAt } from "../../shared/metrics/mod.ts";
import { MAP_METHODS } from "./map_methods.ts";
import type { QualityPart } from "./quality_part.ts";
import { scenesFor } from "./scenes_for.ts";

/** How often maps point at the object, by the number of objects in the scene. */
export const pointing: QualityPart = {
  name: "pointing",
  summary: "The pointing game: how often the largest value of a map lies on the main object.",
  async run(network, count, signal) {
    const tallies = MAP_METHODS.map(() => ({ all: 0, single: 0, several: 0 }));
    const scenes = { all: 0, single: 0, several: 0 };
    for await (const { input, classIndex, mask, objects } of scenesFor(network, count)) {
      const kind = objects === 1 ? "single" : "several";
      scenes.all++;
      scenes[kind]++;
      for (const [i, method] of MAP_METHODS.entries()) {
        const map = await method.map({ network, input, classIndex, signal });
        if (!pointsAt(map, mask)) continue;
        tallies[i].all++;
        tallies[i][kind]++;
      }
    }
    const percent = (hits: number, of: number) =>
      of === 0 ? "-" : `${(100 * hits / of).toFixed(1)} %`;
    return MAP_METHODS.map(({ name }, i) => ({
      method: name,
      [`all ${scenes.all}`]: percent(tallies[i].all, scenes.all),
      [`one object (${scenes.single})`]: percent(tallies[i].single, scenes.single),
      [`several (${scenes.several})`]: percent(tallies[i].several, scenes.several),
    }));
  },
};
