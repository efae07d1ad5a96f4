import type { Figure, Panel } from "../../figure/mod.ts";
import {
  heatmap,
  type Image,
  montage,
  type ValueRange,
  valueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import type { ChannelMaps } from "../../network/channel_maps.ts";
import type { ActivationsOptions } from "./options.ts";

/** About how wide the whole grid is drawn, in CSS pixels. */
const WIDTH = 960;

/** Share of a map's side between the maps of two channels. */
const GAP = 1 / 24;

/** Every channel as a map, row by row in the order of the channels, with the scale. */
export function activationFigure(
  maps: ChannelMaps,
  layer: string,
  { range: owner }: Pick<ActivationsOptions, "range">,
): Figure {
  const { channels, height, width, values } = maps;
  const columns = Math.ceil(Math.sqrt(channels * height / width));
  const area = height * width;
  const whole = valueRange(values, VIRIDIS.kind);
  const isShared = owner === "layer" || area === 1;
  const images = Array.from({ length: channels }, (_, channel) => {
    const plane = values.subarray(channel * area, (channel + 1) * area);
    const range = isShared ? whole : valueRange(plane, VIRIDIS.kind);
    return heatmap({ width, height, values: plane }, VIRIDIS, range);
  });
  return {
    title: `Activations of ${layer}`,
    caption: `${channels} channels of ${height} x ${width} positions, row by row from channel 0` +
      (isShared ? "." : "; each has its own scale from its lowest (dark) to its highest value."),
    panels: [gridPanel(images, columns, isShared ? whole : undefined)],
  };
}

function gridPanel(images: readonly Image[], columns: number, range?: ValueRange): Panel {
  const [{ width, height }] = images;
  const gap = Math.max(1, Math.round(GAP * Math.max(width, height)));
  const image = montage(images, { columns, gap, ground: "transparent" });
  return {
    id: "activations",
    title: "",
    text: "",
    width: image.width,
    height: image.height,
    drawnWidth: WIDTH,
    layers: [{ kind: "image", image, isPixelated: true }],
    ...range && { scale: { colormap: VIRIDIS, range, caption: "activation" } },
  };
}
