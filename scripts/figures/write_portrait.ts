import { join } from "node:path";
import { writeAtomically } from "../cli/write_atomically.ts";
import type { GalleryNetwork } from "./figure_set.ts";
import { portrayNetwork } from "./portray_network.ts";

/** Writes `networks/<id>.json` below the figures' folder. */
export async function writePortrait(
  folder: string,
  { id, unitLayers }: GalleryNetwork,
): Promise<void> {
  const portrait = await portrayNetwork(id, unitLayers);
  const networks = join(folder, "networks");
  await Deno.mkdir(networks, { recursive: true });
  // A killed run leaves what it was writing.
  for await (const { name } of Deno.readDir(networks)) {
    if (name.startsWith(".")) await Deno.remove(join(networks, name));
  }
  const text = `${JSON.stringify(portrait)}\n`;
  await writeAtomically(networks, `${portrait.id}.json`, new TextEncoder().encode(text));
}
