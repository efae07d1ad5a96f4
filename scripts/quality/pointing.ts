import { pointsAt } from "../../shared/metrics/mod.ts";
import { MAP_METHODS } from "./map_methods.ts";
import type { QualityPart } from "./quality_part.ts";
import { scenesFor } from "./scenes_for.ts";

/** How often maps of a class point at what a scene shows of it: one game for each class in it. */
export const pointing: QualityPart = {
  name: "pointing",
  summary: "The pointing game: how often the largest value of the map of a class lies on it, for " +
    "the main object of a scene and for the smaller ones around it.",
  scenes: 500,
  async run(network, count, signal) {
    const games = { main: 0, others: 0 };
    const hits = MAP_METHODS.map(() => ({ main: 0, others: 0 }));
    for await (const { input, main, others } of scenesFor(network, count)) {
      for (const { classIndex, mask } of [main, ...others]) {
        const kind = classIndex === main.classIndex ? "main" : "others";
        games[kind]++;
        for (const [i, { map }] of MAP_METHODS.entries()) {
          const isHit = pointsAt(await map({ network, input, classIndex, signal }), mask);
          if (isHit) hits[i][kind]++;
        }
      }
    }
    return MAP_METHODS.map(({ name }, i) => ({
      method: name,
      [`main (${games.main})`]: percent(hits[i].main, games.main),
      [`others (${games.others})`]: percent(hits[i].others, games.others),
    }));
  },
};

const percent = (part: number, whole: number) =>
  whole === 0 ? "-" : `${(100 * part / whole).toFixed(1)} %`;
