import { queryOf, type WorkbenchState } from "../scripts/workbench/address.ts";
import { FIGURE_URL } from "./read_json.ts";

/** The pages' addresses. */
const slug = encodeURIComponent;

export const networkPath = (model: string) => `/networks/${slug(model)}/`;
export const layerPath = (model: string, layer: string) =>
  `${networkPath(model)}layers/${slug(layer)}/`;
export const unitPath = (model: string, layer: string, channel: number) =>
  `${layerPath(model, layer)}${channel}/`;
export const classPath = (model: string, index: number) => `${networkPath(model)}classes/${index}/`;
export const topicPath = (model: string, topic: string) => `${networkPath(model)}${topic}/`;
export const methodPath = (id: string) => `/methods/${id}/`;
export const figurePath = (id: string) => `/f/${id}/`;

/** The workbench in some state. */
export const tryPath = (state: Partial<WorkbenchState>) =>
  `/try/${queryOf({ network: "", method: "", target: "", sample: "", options: {}, ...state })}`;

export const fileUrl = (file: string) => `${FIGURE_URL}${file}`;

/** The whole address of a path. */
export const absolute = (path: string, site: URL) => new URL(path, site).href;
