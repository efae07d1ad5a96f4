/** How strongly a unit reads from a channel of an earlier layer. */
export interface Link {
  /** Alias of the earlier layer. */
  readonly layer: string;
  readonly channel: number;
  /** Euclidean norm of the kernel between them; negative where its sum is. */
  readonly weight: number;
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
