import {
  colorBar,
  heatmap,
  type Image,
  montage,
  resize,
  type ValueRange,
  valueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import type { ChannelMaps } from "../../network/channel_maps.ts";
import { drawPanel, FONT_SCALE } from "../../contract/panel.ts";
import type { ActivationsOptions } from "./options.ts";

/** About how wide the whole grid is, in pixels. */
const WIDTH = 960;

/** Pixels between the maps of two channels. */
const GAP = 2;

/** Every channel as a map, row by row in the order of the channels, with the scale. */
export function activationImages(
  maps: ChannelMaps,
  layer: string,
  { range: owner }: Pick<ActivationsOptions, "range">,
): Record<string, Image> {
  const { channels, height, width, values } = maps;
  const columns = Math.ceil(Math.sqrt(channels * height / width));
  const factor = Math.max(1, Math.floor((WIDTH / columns - GAP) / width));
  const area = height * width;
  const whole = valueRange(values, VIRIDIS.kind);
  const images = Array.from({ length: channels }, (_, channel) => {
    const plane = values.subarray(channel * area, (channel + 1) * area);
    const range = owner === "layer" || area === 1 ? whole : valueRange(plane, VIRIDIS.kind);
    return { image: enlarge(heatmap({ width, height, values: plane }, VIRIDIS, range), factor) };
  });
  const body = montage(images, { columns, gap: GAP });
  return { activations: panel(body, layer, maps, owner, whole) };
}

function panel(
  body: Image,
  layer: string,
  { channels, height, width }: ChannelMaps,
  owner: ActivationsOptions["range"],
  whole: ValueRange,
): Image {
  const isShared = owner === "layer" || height * width === 1;
  return drawPanel({
    title: layer,
    text: `${channels} channels of ${width} x ${height}, row by row from 0` +
      (isShared ? "" : "; each from its own lowest (dark) to its highest value"),
    body,
    legend: isShared
      ? colorBar(VIRIDIS, whole, { width: body.width, caption: "activation", scale: FONT_SCALE })
      : undefined,
  });
}

function enlarge(image: Image, factor: number): Image {
  return factor === 1 ? image : resize(image, image.width * factor, image.height * factor);
}
