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

/** Where the site is if PUBLIC_SITE_URL does not say: as `deno task start` serves it. */
const LOCAL = new URL("http://127.0.0.1:8000");

/** The whole address of a path. */
export const absolute = (path: string, site: URL = LOCAL) => new URL(path, site).href;
