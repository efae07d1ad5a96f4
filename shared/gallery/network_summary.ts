/** How strongly a unit reads from a channel of an earlier layer. */
export interface Link {
  /** Alias of the earlier layer. */
  readonly layer: string;
  readonly channel: number;
  /** Euclidean norm of the kernel between them; negative where its sum is. */
  readonly weight: number;
}

/** What a class loses without a unit. */
export interface ClassEffect {
  /** Of the class. */
  readonly index: number;
  /**
   * By how much its logit falls against the mean of all classes, in the image that was synthesised
   * for the unit.
   */
  readonly fall: number;
}

/** The part of a drawn scene that activates a unit. */
export interface SceneExample {
  /** Name of its file. */
  readonly scene: string;
  /** Left, top, width and height of what the unit sees there, as shares of the scene's sides. */
  readonly box: readonly [number, number, number, number];
  readonly activation: number;
}

/** A layer as the pages show it. */
export interface LayerSummary {
  readonly alias: string;
  readonly tensor: string;
  /** ONNX operator that makes the tensor. */
  readonly operator: string;
  /** Shape for one image. */
  readonly dims: readonly number[];
  /** Numbers in its weights and biases. */
  readonly parameters: number;
  readonly kernel?: readonly number[];
  readonly strides?: readonly number[];
  /** The strongest links of each unit; only of layers whose units have pages. */
  readonly links?: readonly (readonly Link[])[];
  /** The classes that each unit feeds most, the largest fall first; of deep layers with unit pages. */
  readonly classes?: readonly (readonly ClassEffect[])[];
  /** The drawn scenes that activate each unit most, the most first; of layers with unit pages. */
  readonly examples?: readonly (readonly SceneExample[])[];
  /** Hash of the scenes that `examples` were looked for in. */
  readonly examplesFrom?: string;
  /** Ids of the figures that `classes` were computed from. */
  readonly classesFrom?: readonly string[];
}

/** What the pages say of a network. */
export interface NetworkSummary {
  readonly id: string;
  readonly title: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly licence: { readonly name: string; readonly url: string | null };
  readonly provenance: string;
  readonly input: { readonly height: number; readonly width: number };
  readonly labels: readonly string[];
  /** From input to output. */
  readonly layers: readonly LayerSummary[];
  /** For each class, those whose last weights point most the same way, with the cosine. */
  readonly nearest: readonly (readonly NearClass[])[];
}

export interface NearClass {
  readonly index: number;
  readonly cosine: number;
}
