import { InputError } from "../errors.ts";
import { nearNames } from "../models/mod.ts";
import type { GraphIndex } from "../onnx/mod.ts";
import type { Layer, Network } from "./network.ts";

export interface NamedLayers {
  /** Id of the network, for messages. */
  readonly id: string;
  readonly index: GraphIndex;
  readonly layers: readonly Layer[];
  /** The tensors that depend on the image, in running order. */
  readonly seen: ReadonlySet<string>;
  /** Tensor of the file to the view of it, of feature maps in another layout than [1, C, h, w]. */
  readonly views: ReadonlyMap<string, string>;
}

/** What a person may call the tensors of a network. */
export class LayerNames {
  readonly #named: NamedLayers;
  /** View to the tensor of the file. */
  readonly #tensors: ReadonlyMap<string, string>;

  constructor(named: NamedLayers) {
    this.#named = named;
    this.#tensors = new Map([...named.views].map(([tensor, view]) => [view, tensor]));
  }

  /** The tensor that is meant by `name`; undefined if there is none. */
  find(name: string): string | undefined {
    const { layers, seen, views } = this.#named;
    const found = layers.find(({ alias, tensor }) => alias === name || tensor === name);
    if (found) return found.tensor;
    if (seen.has(name)) return views.get(name) ?? name;
    return this.#tensors.has(name) ? name : undefined;
  }

  /** @throws {InputError} If there is none; with the names most like it. */
  resolve(name: string): string {
    const found = this.find(name);
    if (found !== undefined) return found;
    const { id, index, layers, seen } = this.#named;
    if (index.producer(name)) {
      throw new InputError(`Cannot look into "${name}" of ${id}: it does not depend on the image`);
    }
    const near = nearNames(name, [...layers.map(({ alias }) => alias), ...seen]);
    throw new InputError(
      `Cannot find the layer "${name}": ${id} has none of that name; did you mean ` +
        near.map((other) => `"${other}"`).join(", "),
    );
  }

  /** The tensor of the file that a layer is a view of; any other layer is one itself. */
  tensorOf(layer: string): string {
    return this.#tensors.get(layer) ?? layer;
  }
}

/**
 * The alias of the layer that stands for a network: the first of its sweep.
 *
 * @throws {RangeError} If the network has no feature maps.
 */
export function defaultLayer(network: Network): string {
  const [first] = network.layers;
  if (first) return first.alias;
  throw new InputError(`Cannot choose a layer of ${network.id}: it has no feature maps; name one`);
}
