import type { LocalityRules } from "./locality.ts";
import { padLocality } from "./ops/pad.ts";
import { pointwiseRules } from "./ops/pointwise.ts";
import { windowRules } from "./ops/window.ts";

/** Every operator that can be computed on a part of its maps; any other is computed as a whole. */
export const RULES: LocalityRules = {
  ...pointwiseRules,
  ...windowRules,
  Pad: padLocality,
};
