import type { ModelDetails } from "../../../../shared/api/mod.ts";
import {
  differentiate,
  NO_GRADIENT,
  RULES,
  unit,
  UnsupportedOperatorError,
} from "../../../../shared/grad/mod.ts";
import { FORWARD_METHODS } from "../../../../shared/methods/job_memory.ts";
import { methods } from "../../../../shared/methods/registry.ts";
import type { Manifest } from "../../../../shared/models/manifest.ts";
import type { Network } from "../../../../shared/network/network.ts";
import { RuntimeError } from "../../../../shared/runtime/mod.ts";
import { elementCount, float32 } from "../../../../shared/tensor/tensor.ts";
import { OpenError } from "./open_error.ts";
import type { PreparedNetwork } from "./prepare_network.ts";

/** What a network that cannot be run still shows. */
const WITHOUT_RUNNING = ["weights"];

/** What works with a network, and why not more. */
export interface Workable {
  readonly methods: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Runs the network once, and looks for operators in the way of a gradient.
 *
 * @param remedy What is said after why it cannot be run.
 */
export async function workableMethods(network: Network, remedy = ""): Promise<Workable> {
  const fault = await runFault(network);
  if (fault !== undefined) {
    return {
      methods: WITHOUT_RUNNING,
      notes: [`The network cannot be run here: ${fault}${remedy}. What works is: weights.`],
    };
  }
  const missing = withoutGradient(network);
  const all = methods.map(({ id }) => id);
  if (missing.length === 0) return { methods: all, notes: [] };
  const works = all.filter((id) => FORWARD_METHODS.has(id));
  return {
    methods: works,
    notes: [
      `There is no gradient of ${missing.join(", ")}. What works is: ${works.join(", ")}.`,
    ],
  };
}

async function runFault(network: Network): Promise<string | undefined> {
  try {
    const empty = float32(new Float32Array(elementCount(network.inputDims)), network.inputDims);
    await network.forward(empty, [scoresOf(network) ?? network.model.graph.output[0].name!]);
    return undefined;
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return error.message.replace(/^Cannot (?:load|run) the network: /, "").replace(/\.+$/, "");
  }
}

/** Undefined of a network that scores no classes. */
function scoresOf(network: Network): string | undefined {
  try {
    return network.logitsTensor;
  } catch {
    return undefined;
  }
}

/** Names of operators that have no gradient; empty where none stands in the way. */
function withoutGradient(network: Network): string[] {
  const isUnknown = (opType = "") => !Object.hasOwn(RULES, opType) && !NO_GRADIENT.has(opType);
  const scores = scoresOf(network);
  // Not every such operator stands in the way: to know, the gradient has to be written.
  if (scores === undefined || !network.index.order.some(({ opType }) => isUnknown(opType))) {
    return [];
  }
  try {
    differentiate(network.model, {
      objective: unit(scores, { channel: 0 }),
      wrt: [network.inputName],
      inputs: { [network.inputName]: network.inputDims },
    });
    return [];
  } catch (error) {
    if (!(error instanceof UnsupportedOperatorError)) return [];
    return [...new Set(error.missing.map(({ opType }) => opType))];
  }
}

/** What an output before the first label stands for in TensorFlow's networks. */
const BACKGROUND = "background";

/**
 * The labels, one for each class.
 *
 * @throws {OpenError} If there are more or fewer.
 */
export function fittingLabels(
  network: Network,
  labels: PreparedNetwork["labels"],
): readonly string[] | undefined {
  const dims = network.facts.get(scoresOf(network) ?? "")?.dims;
  if (!labels || !dims) return labels?.list;
  const count = elementCount(dims);
  const { name, list } = labels;
  if (list.length === count) return list;
  if (list.length + 1 === count) return [BACKGROUND, ...list];
  throw new OpenError(
    "wrong-labels",
    `Cannot use the labels ${name}: there are ${list.length}, and the network has ${count} ` +
      `classes; expected ${count}, in the order of its scores`,
  );
}

/** The network in the form in which the functions describe theirs. */
export function detailsOf(
  id: string,
  network: Network,
  manifest: Manifest,
  bytes: number,
): ModelDetails {
  const { height, width } = manifest.input;
  const { facts, layers } = network;
  const labels = scoresOf(network) === undefined ? [] : network.labels;
  return {
    id,
    title: manifest.title,
    licence: manifest.licence,
    bytes,
    available: true,
    input: { height, width },
    classes: labels.length,
    labels,
    manifest,
    layers: layers.map((layer) => ({ ...layer, dims: facts.get(layer.tensor)?.dims })),
  };
}
