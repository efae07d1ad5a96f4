import { InputError } from "../../errors.ts";
import type { ScoreLink } from "../../grad/mod.ts";
import type { ManifestInput } from "../../models/manifest.ts";
import type { Dim } from "../../onnx/mod.ts";
import { elementCount } from "../../tensor/tensor.ts";
import { mainOutput } from "../find_outputs.ts";
import type { Network } from "../network.ts";
import type { Origins } from "./describe_file.ts";
import { isFeatures, scoreOutputs } from "./score_outputs.ts";

/** What the main output of a network is. */
export type OutputKind =
  | "logits"
  | "probabilities of one class"
  | "probabilities of many classes"
  | "features"
  | "map"
  | "other";

/** What was settled when a network was opened, and what says so; plain data. */
export interface NetworkSummary {
  readonly id: string;
  readonly backend: string;
  readonly input: {
    readonly name: string;
    /** As the file declares it. */
    readonly type: string;
    readonly declared: readonly Dim[] | null;
    /** As it is fed: [1, C, H, W], float32. */
    readonly shape: readonly number[];
    /** Whether several images can be run at once. */
    readonly batches: boolean;
  };
  readonly output: {
    readonly kind: OutputKind;
    readonly tensor: string;
    readonly shape: readonly number[] | null;
    /** Of the probabilities, where the network computes them. */
    readonly probabilities: string | null;
    /** What makes probabilities of the scores. */
    readonly link: ScoreLink | null;
    /** What says that the scores are there; null where there are none. */
    readonly from: string | null;
  };
  readonly labels: {
    /** How many names were given; null where nobody names the classes. */
    readonly count: number | null;
    readonly from: string | null;
  };
  /** How an image becomes the input. */
  readonly preprocessing: ManifestInput;
  /** By field of the preprocessing: who said it, or "assumed". */
  readonly origins: Origins;
  /** Whether two runs of one image give the same; null where they were not compared. */
  readonly repeatable: boolean | null;
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/** What was settled of a network that is open. @param origins Who said its preprocessing. */
export function networkSummary(network: Network, origins: Origins = {}): NetworkSummary {
  const { id, backend, declared, inputName, inputDims, manifest, labelCount } = network;
  return {
    ...{ id, backend },
    input: {
      name: inputName,
      type: declared.type,
      declared: declared.dims ?? null,
      shape: inputDims,
      batches: network.canBatch,
    },
    output: outputOf(network),
    labels: { count: labelCount ?? null, from: origins.labels ?? null },
    preprocessing: manifest.input,
    origins,
    repeatable: network.isRepeatable ?? null,
    notes: [...network.notes, ...doubts(network, origins)],
  };
}

function outputOf(network: Network): NetworkSummary["output"] {
  const { facts, index } = network;
  const shapeOf = (tensor: string) => facts.get(tensor)?.dims ?? null;
  try {
    const { logitsTensor: tensor, probabilitiesTensor, scoreLink: link, scoresFrom } = network;
    const classes = elementCount(shapeOf(tensor) ?? []);
    const kind = link !== "none"
      ? "logits"
      : classes === 1
      ? "probabilities of one class"
      : "probabilities of many classes";
    return {
      ...{ kind, tensor, link, from: scoresFrom },
      shape: shapeOf(tensor),
      probabilities: probabilitiesTensor ?? null,
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const tensor = mainOutput(index, facts);
    const shape = shapeOf(tensor);
    const output = scoreOutputs(index).find((candidate) => candidate.tensor === tensor)!;
    const kind = isFeatures(index, output) ? "features" : shape?.length === 4 ? "map" : "other";
    return { kind, tensor, shape, probabilities: null, link: null, from: null };
  }
}

/** What stands in the way of classes, or of their names. */
function doubts(network: Network, origins: Origins): string[] {
  const { labelCount } = network;
  const notes: string[] = [];
  if (!network.hasScores) {
    try {
      network.logitsTensor;
    } catch (error) {
      notes.push(`It has no class scores: ${(error as Error).message.replace(/^[^:]*: /, "")}.`);
    }
  }
  if (labelCount !== undefined && network.hasScores) {
    const classes = elementCount(network.facts.get(network.logitsTensor)?.dims ?? []);
    if (classes > 0 && classes !== labelCount) {
      notes.push(
        `There are ${labelCount} labels (${origins.labels ?? "given"}) and ${classes} classes: ` +
          "the names may be those of others.",
      );
    }
  }
  return notes;
}
