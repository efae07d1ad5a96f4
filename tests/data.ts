/**
 * Where tests find real networks, photos and reference arrays. They are not part of the project:
 * `MODEL_MIRROR` names a folder of networks in the hub's layout, and `PHOTOS` and `GOLDENS` default
 * to its neighbours.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { skipped } from "./skipped.ts";

const mirror = Deno.env.get("MODEL_MIRROR");

function folder(variable: string, neighbour: string): string | undefined {
  const path = Deno.env.get(variable) ?? (mirror && join(mirror, "..", neighbour));
  return path && existsSync(path) ? resolve(path) : undefined;
}

export const modelMirror = mirror && existsSync(mirror) ? resolve(mirror) : undefined;
export const photos = folder("PHOTOS", "photos");
export const goldens = folder("GOLDENS", "goldens");

/** True when `path` is missing; prints once why the tests of `what` are skipped. */
export function skipWithout(path: string | undefined, what: string): boolean {
  const why = `${what} needs MODEL_MIRROR (a folder of networks in the hub's layout)`;
  return skipped("models", path === undefined, why);
}
