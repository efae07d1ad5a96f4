import { z } from "zod";

/** An option of every method that attributes a score to pixels. */
export const evaluateOption = z.boolean().default(false)
  .describe(
    "Whether to measure how faithful the map is: deletion and insertion curves, at the cost of 130 " +
      "forward passes.",
  );

/** An option of methods whose map depends on weights through a gradient. */
export const sanityOption = z.boolean().default(false)
  .describe(
    "Whether to compare with the same network with randomised weights, from the scores down: a " +
      "map that stays alike does not show what the network has learned.",
  );
