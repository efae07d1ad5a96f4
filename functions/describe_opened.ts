import type { ModelDetails } from "../shared/api/mod.ts";
import type { Network } from "../shared/network/network.ts";
import { networkSummary } from "../shared/network/open/network_summary.ts";
import type { LoadedNetwork } from "./network_pool.ts";
import { ProblemError, problemOf } from "./problems.ts";
import { readOpening } from "./read_opening.ts";
import type { Services } from "./services.ts";

/** What is known of a network beside what its catalogue says. */
type Opened = Pick<ModelDetails, "describe" | "labels" | "layers" | "fault">;

/** Descriptions that are kept: of networks by default, not as clients ask for them. */
const MOST_KEPT = 100;

/**
 * Describes networks: what the catalogue knows, and what was settled when they were opened. One is
 * opened after the other, however many are asked for, and each once for each state of its file.
 */
export function describer({ catalogue, networks, drain }: Services) {
  const known = new Map<string, Promise<Opened>>();
  let tail: Promise<unknown> = Promise.resolve();

  function open(id: string, query: Readonly<Record<string, string>>): Promise<Opened> {
    const [request, others] = readOpening(query);
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      throw new ProblemError("invalid-options", `There is no option "${unknown}" of a network`);
    }
    const key = JSON.stringify([id, catalogue.version(id)]);
    const before = request ? undefined : known.get(key);
    if (before) return before;
    const opened = tail.then(() => {
      drain.stopping.throwIfAborted();
      return networks.use(id, (loaded) => settled(loaded), request);
    });
    tail = opened.catch(() => {});
    if (request) return opened;
    const kept = opened.catch((error) => {
      known.delete(key);
      const { detail } = problemOf(error);
      return { labels: [], layers: [], fault: detail };
    });
    known.set(key, kept);
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value!);
    return kept;
  }

  /** With `describe=false` a network of which labels and layers are known is not opened. */
  return async function describe(
    id: string,
    query: Readonly<Record<string, string>>,
  ): Promise<ModelDetails> {
    const details = await catalogue.describe(id);
    const { describe: wanted, ...asked } = query;
    if (wanted !== undefined && wanted !== "true" && wanted !== "false") {
      throw new ProblemError(
        "invalid-options",
        `The option "describe" is "${wanted}", expected true or false`,
      );
    }
    const isKnown = details.labels.length > 0 && details.layers.length > 0;
    if (!details.available || wanted === "false" && isKnown) return details;
    const { describe, fault, labels, layers } = await open(id, asked);
    return {
      ...details,
      ...describe && { describe },
      ...fault !== undefined && { fault },
      labels: details.labels.length > 0 ? details.labels : labels,
      // With shapes, which the catalogue does not know.
      layers: layers.length > 0 ? layers : details.layers,
    };
  };
}

async function settled({ network, origins, sha256 }: LoadedNetwork): Promise<Opened> {
  await network.compareRuns();
  return {
    describe: { ...networkSummary(network, origins), sha256 },
    labels: network.hasScores ? network.labels : [],
    layers: layersOf(network),
  };
}

const layersOf = ({ layers, facts }: Network): ModelDetails["layers"] =>
  layers.map(({ alias, tensor }) => {
    const dims = facts.get(tensor)?.dims;
    return { alias, tensor, ...dims && { dims } };
  });
