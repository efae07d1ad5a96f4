import { z } from "zod";
import { parse, type StatedInput } from "./manifest.ts";

/** What timm writes of a network's preprocessing: `pretrained_cfg`. */
const schema = z.object({
  input_size: z.array(z.int().positive()).length(3).optional(),
  mean: z.array(z.number()).optional(),
  std: z.array(z.number().positive()).optional(),
  crop_pct: z.number().positive().max(1).nullish(),
  crop_mode: z.string().nullish(),
});

/**
 * How images become the input of a network of timm: [C, H, W], levels of 0 to 1 less the mean.
 *
 * @param value Its `pretrained_cfg`.
 * @param source Where it was read, for the message.
 * @throws {SyntaxError} If it is none.
 */
export function timmInput(value: unknown, source: string): StatedInput {
  const { input_size, mean, std, crop_pct, crop_mode } = parse(
    schema,
    value,
    `Cannot read pretrained_cfg of ${source}`,
  );
  const [planes, height, width] = input_size ?? [];
  const short = input_size && Math.floor(Math.min(height, width) / (crop_pct ?? 1));
  const filter = "bilinear";
  return {
    ...input_size && { height, width },
    ...crop_mode === "squash"
      ? { resize: { stretch: true, filter } }
      : crop_mode === "border"
      ? { resize: { pad: true, filter } }
      : short !== undefined && { resize: { shortSide: short, filter } },
    channelOrder: planes === 1 ? "GRAY" : "RGB",
    scale: 1 / 255,
    ...mean && { mean },
    ...std && { std },
  };
}
