import { join } from "node:path";
import { cannotWrite } from "../cli/cannot_write.ts";
import { writeAtomically } from "../cli/write_atomically.ts";
import type { GalleryNetwork } from "./figure_set.ts";
import { summariseNetwork } from "./summarise_network.ts";

/** Writes `networks/<id>.json` below the figures' folder. */
export async function writeSummary(
  folder: string,
  { id, file, unitLayers }: GalleryNetwork,
): Promise<void> {
  const summary = await summariseNetwork(file ?? id, unitLayers);
  const networks = join(folder, "networks");
  await Deno.mkdir(networks, { recursive: true }).catch((cause) => {
    throw cannotWrite(networks, cause);
  });
  // A killed run leaves what it was writing.
  for await (const { name } of Deno.readDir(networks)) {
    if (name.startsWith(".")) await Deno.remove(join(networks, name));
  }
  const text = `${JSON.stringify(summary)}\n`;
  await writeAtomically(networks, `${summary.id}.json`, new TextEncoder().encode(text));
}
