import type { ModelDetails, ModelInfo } from "../shared/api/mod.ts";
import type { Manifest } from "../shared/models/mod.ts";
import type { Origins, Statement } from "../shared/network/open/describe_file.ts";
import type { OpenOptions } from "../shared/network/open/open_options.ts";
import type { Tensor } from "../shared/tensor/tensor.ts";

/** What a client asks for when a network is opened. */
export interface OpenRequest {
  /** Without those whose values are files, and without the fit, which is each image's. */
  readonly options?: OpenOptions;
  readonly labels?: Statement;
  /** By the inputs that they are fed to. */
  readonly feeds?: Readonly<Record<string, Tensor>>;
}

/** A network that is ready to be loaded. */
export interface OpenedModel {
  readonly manifest: Manifest;
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** Of the ONNX file. */
  readonly sha256: string;
  /** In the order of the scores. */
  readonly labels?: readonly string[];
  /** By field of the preprocessing: who said it. */
  readonly origins: Origins;
  /** Whether a manifest says how images become its input. */
  readonly isListed: boolean;
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
  open(id: string, request?: OpenRequest): Promise<OpenedModel>;
  /** Changes whenever what `open` gives does. @throws {ProblemError} 404 if there is no such one. */
  version(id: string): string;
  /** Its ONNX file, which is not read yet. @throws {ProblemError} Like `open`. */
  file(id: string): Promise<NetworkFile>;
}
