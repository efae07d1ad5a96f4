import { CHANNELS, type ManifestInput } from "./manifest.ts";

/** How levels of 0 to 255 become what is fed: (level * scale - mean) / std, plane by plane. */
export type Levels = Pick<ManifestInput, "channelOrder" | "scale" | "mean" | "std">;

/** A way of preparing images that many networks were trained with. */
export interface Preset extends Levels {
  readonly id: string;
  readonly title: string;
}

const BYTE = 1 / 255;
const [NONE, ONE, HALF] = [0, 1, 0.5].map((value) => Array<number>(3).fill(value));

/** The first is what is taken where nobody says anything. */
export const PRESETS: readonly Preset[] = [
  {
    id: "unit",
    title: "0 to 1",
    ...{ channelOrder: "RGB", scale: BYTE, mean: NONE, std: ONE },
  },
  {
    id: "imagenet",
    title: "ImageNet mean and standard deviation, RGB (PyTorch)",
    ...{ channelOrder: "RGB", scale: BYTE },
    ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
  {
    id: "signed",
    title: "-1 to 1 (TensorFlow)",
    ...{ channelOrder: "RGB", scale: BYTE, mean: HALF, std: HALF },
  },
  {
    id: "caffe",
    title: "Caffe: 0 to 255 less the mean, BGR",
    ...{ channelOrder: "BGR", scale: 1, mean: [103.939, 116.779, 123.68], std: ONE },
  },
];

/** A preset for a network of another number of planes: the mean of the colours for each. */
export function forPlanes(preset: Preset, planes: number): Preset {
  if (planes === CHANNELS.RGB) return preset;
  const middle = (values: readonly number[]) => [values.reduce((sum, v) => sum + v, 0) / 3];
  const { mean, std } = preset;
  const alike = (values: readonly number[]) => Array<number>(planes).fill(middle(values)[0]);
  const channelOrder = planes === CHANNELS.GRAY ? "GRAY" : "PLANES";
  return { ...preset, channelOrder, mean: alike(mean), std: alike(std) };
}
