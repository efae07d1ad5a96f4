import type { ModelDetails, ModelInfo } from "../shared/api/mod.ts";
import type { Manifest } from "../shared/models/mod.ts";

/** A network that is ready to be loaded. */
export interface OpenedModel {
  readonly manifest: Manifest;
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** Of the ONNX file. */
  readonly sha256: string;
  /** In the order of the scores. */
  readonly labels?: readonly string[];
}

/** A network's file, which is read part by part. */
export interface NetworkFile {
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/** The networks the functions serve: those that are listed, never a path that a client names. */
export interface Catalogue {
  list(): Promise<readonly ModelInfo[]>;
  /** @throws {ProblemError} 404 if there is no such network. */
  describe(id: string): Promise<ModelDetails>;
  /** @throws {ProblemError} 404 if there is no such network, or its file is not here. */
  open(id: string): Promise<OpenedModel>;
  /** Changes whenever what `open` gives does. @throws {ProblemError} 404 if there is no such one. */
  version(id: string): string;
  /** Its ONNX file, which is not read yet. @throws {ProblemError} Like `open`. */
  file(id: string): Promise<NetworkFile>;
}
