import { join } from "node:path";
import type { NetworkSummary } from "../../shared/gallery/network_summary.ts";
import { cannotWrite, writeAtomically } from "../cli/write_files.ts";
import type { GalleryNetwork } from "./figure_set.ts";
import { summariseNetwork } from "./summarise_network.ts";

/** Where the summaries are, below the figures' folder. */
const FOLDER = "networks";

/**
 * Writes `networks/<id>.json` below the figures' folder. What was computed from figures of the same
 * file stays in it.
 */
export async function writeSummary(
  folder: string,
  { id, file, unitLayers }: GalleryNetwork,
): Promise<void> {
  const summary = await summariseNetwork(file ?? id, unitLayers);
  const before = await readSummary(folder, summary.id);
  const known = before?.sha256 === summary.sha256 ? before.layers : [];
  const layers = summary.layers.map((layer) => {
    const { classes, classesFrom, examples, examplesFrom } = known.find(({ alias }) =>
      alias === layer.alias
    ) ?? {};
    return {
      ...layer,
      ...classes && { classes, classesFrom },
      ...examples && { examples, examplesFrom },
    };
  });
  await writeSummaryFile(folder, { ...summary, layers });
}

/** The summary that is there; undefined if there is none, or a damaged one. */
export async function readSummary(
  folder: string,
  id: string,
): Promise<NetworkSummary | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(folder, FOLDER, `${id}.json`)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function writeSummaryFile(folder: string, summary: NetworkSummary): Promise<void> {
  const networks = join(folder, FOLDER);
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
