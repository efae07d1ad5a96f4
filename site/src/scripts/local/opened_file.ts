import type { ModelDetails } from "../../../../shared/api/mod.ts";
import type { Manifest } from "../../../../shared/models/manifest.ts";
import type { Levels, Preset } from "../../../../shared/models/presets.ts";

/** What nobody says about a network, and what is taken until somebody does. */
export type Question =
  | {
    readonly name: "preprocessing";
    readonly text: string;
    readonly presets: readonly Preset[];
    /** Id of the preset that is taken. */
    readonly assumed: string;
  }
  | {
    readonly name: "size";
    readonly text: string;
    /** Sides in pixels. */
    readonly presets: readonly number[];
    readonly assumed: number;
  };

/** A person's answers. */
export interface Answers {
  /** Id of a preset, or numbers. */
  readonly preprocessing?: string | Levels;
  /** Side of the input in pixels. */
  readonly size?: number;
}

/** A network out of files, ready to be named in `runLocally`'s field `model`. */
export interface OpenedFile {
  /** `file:<sha256 prefix>` */
  readonly id: string;
  readonly details: ModelDetails;
  /** Empty where everything is said. */
  readonly questions: readonly Question[];
  /** Sentences on what a person would not expect. */
  readonly notes: readonly string[];
  /** Ids of the methods that work with it. */
  readonly methods: readonly string[];
}

/** An opened network with all that it is opened from again. */
export interface StoredNetwork {
  readonly opened: OpenedFile;
  /** The ONNX file, with all weights inside. */
  readonly file: Blob;
  /** Of the ONNX file as it was given. */
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly labels?: readonly string[];
  /** Texts that came with the file and said something about it: name and content. */
  readonly beside: readonly (readonly [name: string, text: string])[];
}

/** How far opening is. */
export interface Opening {
  readonly stage: "fetching" | "reading" | "loading";
  /** Bytes; of "loading", none. */
  readonly done: number;
  readonly total: number;
}
