import { nearNames } from "../../shared/models/near_names.ts";
import { UsageError } from "../cli/exit_code.ts";
import type { GalleryNetwork } from "./figure_set.ts";

/**
 * Makes sure that every set that is asked for has figures of one of the networks.
 *
 * @param hasImages Whether there is a folder of photographs.
 * @throws {UsageError} If a network has no such set, or only such as need photographs.
 */
export function checkSets(
  networks: readonly GalleryNetwork[],
  requested: readonly string[],
  hasImages: boolean,
): void {
  const sets = networks.flatMap((network) => network.sets);
  const ids = [...new Set(sets.map(({ id }) => id))];
  for (const set of requested) {
    const found = sets.filter(({ id }) => id === set);
    if (found.length === 0) {
      throw new UsageError(
        `Cannot make the figures of the set "${set}": there is no such set, did you mean ` +
          nearNames(set, ids, 5).map((id) => `"${id}"`).join(", "),
      );
    }
    const needsImages = found.every(({ images, corpus }) => [images, corpus].includes("images"));
    if (needsImages && !hasImages) {
      throw new UsageError(
        `Cannot make the figures of the set "${set}": they show photographs; give --images`,
      );
    }
  }
}
