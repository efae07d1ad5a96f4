import { InputError } from "../errors.ts";
import {
  type Fact,
  forWebGpu,
  GraphIndex,
  type Model,
  resizeInput,
  takeKnownBranches,
  upgradeModel,
  withOutputs,
} from "../onnx/mod.ts";
import type { ScoreLink } from "../grad/mod.ts";
import { type Backend, type RunOptions, RuntimeError } from "../runtime/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { type MapAxes, mapAxesOf } from "./axes/map_axes.ts";
import type { MapViews } from "./axes/map_views.ts";
import type { Axes } from "./axes/axis.ts";
import { type DerivedModel, DerivedModels } from "./derived_model.ts";
import { featureMaps, varyingTensors } from "./feature_maps.ts";
import { canBatch, type DeclaredInput, type ImageInput } from "./image_input.ts";
import { openModelSession } from "./open_session.ts";
import { type FoundScores, mainOutput } from "./find_outputs.ts";
import { LayerNames } from "./layer_names.ts";
import { networkScores } from "./network_scores.ts";
import type { Layer, NetworkManifest, NetworkSource } from "./network_source.ts";
import { measureScores } from "./measure_scores.ts";
import { isRepeatable } from "./open/compare_runs.ts";
import { SessionCache } from "./session_cache.ts";

/** Bytes of ONNX files whose sessions are kept per network, beside the last that was used. */
const SESSION_BYTES = 128 * 2 ** 20;

export type { Layer, NetworkManifest, NetworkSource } from "./network_source.ts";

/** A file that was read, and the input that an image goes into. */
export interface ReadFile extends Omit<MapViews, "model"> {
  readonly file: Model;
  readonly input: ImageInput;
  /** How the file itself declares it. */
  readonly declared: DeclaredInput;
  /** What a person should know of how it was read, a sentence each. */
  readonly notes: readonly string[];
}

/** A network that is loaded: its graph, and any tensor in it for any input. */
export class Network implements AsyncDisposable {
  readonly id: string;
  readonly manifest: NetworkManifest;
  /** As the file says it, but with the image's channels first, and in float32. */
  readonly file: Model;
  /** How its file declares the image. */
  readonly declared: DeclaredInput;
  /** As it is run: for WebGPU, without the forms that are wrong there. */
  readonly model: Model;
  readonly index: GraphIndex;
  readonly inputName: string;
  /** [1, C, H, W] */
  readonly inputDims: readonly number[];
  /** Type and shape of the tensors, for an input of `inputDims`. */
  readonly facts: ReadonlyMap<string, Fact>;
  /** The feature maps, as [1, C, h, w]. */
  readonly layers: readonly Layer[];
  /** Where rows and columns of the image went, of each tensor of the file that they are known of. */
  readonly axes: ReadonlyMap<string, Axes>;
  readonly #names: LayerNames;
  readonly #sessions = new SessionCache(SESSION_BYTES);
  readonly #derived = new DerivedModels();
  readonly #exposed = new Map<string, Model>();
  readonly #labels: readonly string[] | undefined;
  #notes: readonly string[];
  #isRepeatable: boolean | undefined;
  #canBatch: boolean | undefined;
  #scores: FoundScores | undefined;

  /** @param backendReason One line for a person: why this backend. */
  constructor(
    { manifest, labels }: Omit<NetworkSource, "bytes">,
    { file, input: { name, dims }, declared, notes, axes, views, added }: ReadFile,
    readonly backend: Backend,
    readonly backendReason: string,
  ) {
    this.id = manifest.id;
    this.manifest = manifest;
    this.file = file;
    this.#notes = notes;
    this.declared = declared;
    this.inputName = name;
    this.inputDims = dims;
    const upgraded = upgradeModel(file);
    ({ facts: this.facts } = takeKnownBranches(upgraded, { inputs: { [name]: this.inputDims } }));
    this.model = backend === "webgpu" ? forWebGpu(upgraded, this.facts) : file;
    this.index = new GraphIndex(this.model.graph);
    const varying = new Set(varyingTensors(this.index, name));
    varying.delete(name);
    this.axes = axes;
    const seen = new Set([...varying].filter((tensor) => !added.has(tensor)));
    this.layers = (manifest.layers ?? featureMaps(seen, this))
      .map((layer) => ({ ...layer, tensor: views.get(layer.tensor) ?? layer.tensor }));
    const { id, index, layers } = this;
    this.#names = new LayerNames({ id, index, layers, seen, views });
    this.#labels = labels;
  }

  /** What a person should know of how it was opened, a sentence each. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Whether two runs of one image gave the same; undefined before {@linkcode compareRuns}. */
  get isRepeatable(): boolean | undefined {
    return this.#isRepeatable;
  }

  /** Compares two runs of one image; a network for which they differ has a note of it. */
  async compareRuns(options: RunOptions = {}): Promise<void> {
    if (this.#isRepeatable !== undefined) return;
    this.#isRepeatable = await ifItRuns(() => isRepeatable(this, options), options.signal);
    if (this.#isRepeatable !== false) return;
    this.#notes = [
      ...this.#notes,
      "Two runs of the same image give different scores: it draws random numbers, and maps of it " +
      "are noise in part.",
    ];
  }

  /** Not every network scores classes, so they are looked for when they are first needed. */
  #scoreTensors(): FoundScores {
    return this.#scores ??= networkScores(this);
  }

  /** The tensor of the scores before the softmax. */
  get logitsTensor(): string {
    return this.#scoreTensors().logits;
  }

  /** The tensor of the class probabilities; undefined where the network does not compute them. */
  get probabilitiesTensor(): string | undefined {
    return this.#scoreTensors().probabilities;
  }

  /** What makes probabilities of the scores. */
  get scoreLink(): ScoreLink {
    return this.#scoreTensors().link;
  }

  /** What says that the scores are there, and what they are: "the Softmax before the output". */
  get scoresFrom(): string {
    return this.#scoreTensors().from;
  }

  /** Whether it scores classes; where not, {@linkcode logitsTensor} says why. */
  get hasScores(): boolean {
    try {
      return this.#scoreTensors() !== undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return false;
    }
  }

  /** The tensor of the scores, else that of what the network makes of an image. */
  get mainTensor(): string {
    return this.hasScores ? this.logitsTensor : mainOutput(this.index, this.facts);
  }

  /** Whether several inputs can be run at once; some graphs have a batch of 1 built in. */
  get canBatch(): boolean {
    return this.#canBatch ??= canBatch(this, this.mainTensor);
  }

  /** Looks at runs where the graph alone does not say which tensors the class scores are. */
  async measureScores(options: RunOptions = {}): Promise<void> {
    if (this.manifest.outputs?.logits !== undefined) return;
    // Most methods need no classes.
    const measure = () => measureScores(this, this.#scoreTensors(), options);
    this.#scores = await ifItRuns(measure, options.signal) ?? this.#scores;
  }

  /** How many names of classes were given; undefined where none were. */
  get labelCount(): number | undefined {
    return this.#labels?.length;
  }

  /** Names of the classes, in the order of the scores. */
  get labels(): readonly string[] {
    const dims = this.facts.get(this.logitsTensor)?.dims;
    return this.labelsOf(dims ? elementCount(dims) : this.#labels?.length ?? 0);
  }

  /** Names of the classes where there are `count`; the shape of the scores is not always known. */
  labelsOf(count: number): readonly string[] {
    return Array.from({ length: count }, (_, i) => this.#labels?.[i] ?? `class ${i}`);
  }

  /**
   * The tensors `outputs` for one input.
   *
   * @param outputs Names of tensors, or aliases of the manifest's sweep.
   * @returns The tensors under the names they were asked for.
   * @throws {RangeError} If there is no such tensor.
   */
  async forward(
    input: Tensor,
    outputs: readonly string[],
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    const tensors = outputs.map((name) => this.resolveLayer(name));
    const results = await this.compute(input, tensors, options);
    return Object.fromEntries(outputs.map((name, i) => [name, results[tensors[i]]]));
  }

  /** Tensors of the graph for one input, as the file has them. */
  async compute(
    input: Tensor,
    tensors: readonly string[],
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    const asked = [...new Set(tensors)];
    const feeds = { [this.inputName]: input };
    const model = this.#exposing(asked);
    const isOwnSize = input.dims.slice(1).join() === this.inputDims.slice(1).join();
    const sized = isOwnSize ? model : resizeInput(model, this.inputName, input.dims);
    return await this.evaluate(sized, feeds, asked, options);
  }

  /**
   * Runs a model derived from this network, such as its gradient. Its session is kept for the next
   * run of an equal model, for as long as there is room. On WebGPU the first run of each model is
   * compared with WASM.
   *
   * @throws {BackendMismatchError} If WebGPU computes something else than WASM.
   */
  async evaluate(
    model: Model | DerivedModel,
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    options.signal?.throwIfAborted();
    const { digest, build } = await this.#derived.name(model);
    return await this.#sessions.use(
      digest,
      () => openModelSession(build(), this.backend),
      (session) => session.run(feeds, outputs, options),
    );
  }

  /** The network with these outputs; the same object for the same outputs. */
  #exposing(outputs: readonly string[]): Model {
    const asked = JSON.stringify(outputs);
    const model = this.#exposed.get(asked) ?? withOutputs(this.model, outputs);
    this.#exposed.set(asked, model);
    return model;
  }

  /**
   * The tensor that a person calls `name`: its own name or its alias; of a feature map in another
   * layout its view, [1, C, h, w]. Weights, and what is computed from them alone, are no layers.
   *
   * @throws {RangeError} If there is none; with the names most like it.
   */
  resolveLayer(name: string): string {
    return this.#names.resolve(name);
  }

  /** The tensor of the file that a layer is a view of; any other layer is one itself. */
  tensorOf(layer: string): string {
    return this.#names.tensorOf(layer);
  }

  /** Where a layer's positions and channels are in its {@linkcode tensorOf}, if that is known. */
  mapOf(layer: string): MapAxes | undefined {
    const axes = this.axes.get(this.tensorOf(layer));
    return axes && mapAxesOf(axes);
  }

  /** Whether a person can call a tensor `name`. */
  hasLayer(name: string): boolean {
    return this.#names.find(name) !== undefined;
  }

  /** Frees its memory once the runs under way have ended. */
  dispose(): Promise<void> {
    return this.#sessions.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** What `job` finds; undefined of a network that cannot be run, which says so when it is run. */
async function ifItRuns<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  try {
    return await job();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof InputError || error instanceof RuntimeError) return undefined;
    throw error;
  }
}
