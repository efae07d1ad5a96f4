import type { RunResult } from "../../../../shared/api/mod.ts";
import { maxOverChannels } from "../../../../shared/methods/gradient/figures.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";
import { readArray } from "./result_source.ts";

/** A map of one value at each place. */
export interface PlaneMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

type Planes = "sum" | "largest";

/** Of each attribution method: the array that is its map, and what stands for its planes. */
const MAPS: Readonly<Record<string, readonly [array: string, planes: Planes]>> = {
  "cam": ["cam", "sum"],
  "gradient": ["gradient", "largest"],
  "integrated-gradients": ["attribution", "sum"],
  "lrp": ["relevance", "sum"],
  "occlusion": ["attribution", "sum"],
};

/** The array of a result that is its map, [..., height, width]; undefined if it is none. */
export async function mapOf({ method, arrays }: RunResult): Promise<Tensor | undefined> {
  const link = arrays[MAPS[method]?.[0] ?? ""];
  return link && await readArray(link);
}

/** One value at each place: attributions of the planes are added up, of gradients the largest counts. */
export function planeOf(method: string, { dims, data }: Tensor): PlaneMap {
  const [height, width] = dims.slice(-2);
  const area = height * width;
  const values = data as Float32Array;
  if (MAPS[method][1] === "largest") {
    const planes = values.length / area;
    return { height, width, values: maxOverChannels(values.map(Math.abs), planes, area) };
  }
  const sum = new Float32Array(area);
  values.forEach((value, i) => sum[i % area] += value);
  return { height, width, values: sum };
}

/** Whether a method's map has two signs. */
export const isSigned = (method: string): boolean => MAPS[method][1] === "sum";
