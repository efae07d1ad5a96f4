import { z } from "zod";
import type { Context, Steps } from "../../contract/method.ts";
import type { Image } from "../../image/mod.ts";
import { shownImage } from "../../synthesis/shown_image.ts";
import { synthesisFields } from "../../synthesis/synthesis_options.ts";
import { synthesize } from "../../synthesis/synthesize.ts";

/** As the method neuron makes them. */
const OPTIONS = z.object(synthesisFields).parse({});

/**
 * An image that activates each channel of a layer, synthesised from noise.
 *
 * @param layer As [1, C, ...].
 */
export async function* visualizations(
  context: Context,
  layer: string,
  channels: readonly number[],
): Steps<Image[]> {
  const { input } = context.network.manifest;
  const units = channels.map((channel) => ({ layer, channel }));
  const made = yield* synthesize(context, { units }, OPTIONS);
  return made.map(({ image }) => shownImage(image, input).image);
}
