import { InputError } from "../../errors.ts";
import type { ImageInputs } from "../../contract/method.ts";
import type { Network } from "../../network/network.ts";
import {
  energyTarget,
  resolveScoreTarget,
  unitTarget,
} from "../../network/resolve_score_target.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import { refuseIdleGuide } from "../../network/target_syntax.ts";
import type { GradientOptions } from "./options.ts";

/**
 * What the options name to be differentiated.
 *
 * @throws {InputError} If more than one is named, or the network has none such.
 */
export async function resolveAim(
  network: Network,
  { image, guide }: ImageInputs,
  options: GradientOptions,
  signal?: AbortSignal,
): Promise<ScoreTarget> {
  const { target, score, unit, energy } = options;
  const named = [target !== "top-1" && "target", unit && "unit", energy && "energy"]
    .filter((name) => name);
  if (named.length > 1) {
    throw new InputError(`Cannot differentiate: give only one of ${named.join(" and ")}`);
  }
  refuseIdleGuide(target, guide);
  if (unit !== undefined) return unitTarget(unit, network);
  if (energy !== undefined) return energyTarget(energy, network);
  const request = { target, score, input: image.tensor, guide: guide?.tensor };
  return await resolveScoreTarget(network, request, { signal });
}
