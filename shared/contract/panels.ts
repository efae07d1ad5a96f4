import { onSource, type Panel, type Placed } from "../figure/mod.ts";
import type { Image } from "../image/image.ts";
import type { Grid } from "../image/heatmap.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** One image that fills its panel. */
export function imagePanel(
  image: Image,
  words: Pick<Panel, "id" | "title" | "text" | "drawnWidth">,
): Panel {
  const { width, height } = image;
  return { ...words, width, height, layers: [{ kind: "image", image }] };
}

/** The source image, with what the network does not see of it dimmed. */
export function inputPanel(input: Placed): Panel {
  return {
    id: "input",
    title: "Input",
    text: "What the network sees of the image.",
    ...onSource(input, "colour"),
  };
}

/** Things of one kind by name: "name" is the first, "name-2" the second. */
export function numbered<T>(name: string, values: readonly T[]): Record<string, T> {
  return Object.fromEntries(
    values.map((value, i) => [i === 0 ? name : `${name}-${i + 1}`, value]),
  );
}

/** The sum over the channels of [1, C, H, W], at each place. */
export function sumChannels({ data, dims }: Tensor<"float32">): Grid & { values: Float32Array } {
  const [, channels, height, width] = dims;
  const area = height * width;
  const values = Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * area + i];
    return sum;
  });
  return { width, height, values };
}
