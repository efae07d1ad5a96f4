import { averagePrecision, pointsAt } from "../../shared/metrics/mod.ts";
import { bootstrapMean, meanOf } from "./bootstrap.ts";
import { KeptResults } from "./kept_results.ts";
import { MAP_METHODS } from "./map_methods.ts";
import type { QualityPart } from "./quality_part.ts";
import { scenesFor, type ShownClass } from "./scenes_for.ts";

/** A column: a value for each scene, and how it is written. */
interface Column {
  readonly title: string;
  readonly write: (value: number) => string;
}

const COLUMNS: Readonly<Record<"main" | "others" | "hit", Column>> = {
  main: { title: "main object", write: (value) => value.toFixed(3) },
  others: { title: "other objects", write: (value) => value.toFixed(3) },
  hit: { title: "points at the main object", write: (value) => `${(100 * value).toFixed(1)} %` },
};

/** All methods, ranked by how well their maps find an object whose pixels are known. */
export const localisation: QualityPart = {
  name: "localisation",
  summary:
    "Average precision of the pixels of an object, ordered by the map of its class: 1 is an " +
    "outline that is met, an object's share of the image is chance. With intervals of 95 % by " +
    "bootstrap over the scenes; ranked by the main object.",
  scenes: 200,
  async run(network, count, signal, kept = KeptResults.nothing) {
    const values = new Map(MAP_METHODS.map(({ name }) => [name, new Values()]));
    let scene = 0;
    for await (const { input, main, others } of scenesFor(network, count)) {
      for (const { name, map } of MAP_METHODS) {
        const grid = ({ classIndex }: ShownClass) => map({ network, input, classIndex, signal });
        const key = `localisation ${network.id} ${name} ${scene}`;
        const found = await kept.find(key, async () => {
          const own = await grid(main);
          const precisions: number[] = [];
          for (const other of others) {
            precisions.push(averagePrecision((await grid(other)).values, other.mask));
          }
          return {
            main: averagePrecision(own.values, main.mask),
            hit: Number(pointsAt(own, main.mask)),
            ...others.length > 0 && {
              others: meanOf(precisions),
            },
          };
        });
        values.get(name)!.add(found);
      }
      scene++;
    }
    return [...values].map(([name, one]) => ({ name, one, mean: meanOf(one.of("main")) }))
      .sort((a, b) => b.mean - a.mean)
      .map(({ name, one }, rank) => ({
        rank: rank + 1,
        method: name,
        ...Object.fromEntries(
          Object.entries(COLUMNS).map(([id, { title, write }]) => {
            const found = one.of(id);
            if (found.length === 0) return [title, "-"];
            const { mean, low, high } = bootstrapMean(found);
            return [title, `${write(mean)} (${write(low)} to ${write(high)})`];
          }),
        ),
      }));
  },
};

/** Values of scenes; a scene may lack some. */
class Values {
  readonly #rows: Readonly<Record<string, number>>[] = [];

  add(row: Readonly<Record<string, number>>): void {
    this.#rows.push(row);
  }

  of(id: string): number[] {
    return this.#rows.flatMap((row) => id in row ? [row[id]] : []);
  }
}
