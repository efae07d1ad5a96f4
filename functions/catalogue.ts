import type { ModelDetails, ModelInfo } from "../shared/api/mod.ts";
import { type Manifest, sha256 } from "../shared/models/mod.ts";
import type { Origins, Statement } from "../shared/network/open/describe_file.ts";
import { type OpenOptions, statedInput } from "../shared/network/open/open_options.ts";
import type { Tensor } from "../shared/tensor/tensor.ts";
import {
  findModel,
  findUnlisted,
  listModels,
  listUnlisted,
  locateModel,
  openModel,
  readLabels,
  type UnlistedModel,
} from "../models/mod.ts";
import { describeMissing } from "../models/manifests.ts";
import { digestOf, measuredDigest } from "../models/network_file.ts";
import { describeUnlisted, stampOf, versionOf } from "./describe_unlisted.ts";
import { ProblemError } from "./problems.ts";

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
  /**
   * Its ONNX file, which is not kept in memory.
   *
   * @throws {ProblemError} Like `open`; 422 if it is not the file that is meant.
   */
  file(id: string): Promise<NetworkFile>;
}

/** Those that come with the project have no hub to be fetched from. */
const comesWithProject = ({ source }: Manifest) => "path" in source;

/**
 * The networks the project knows, its own first, since they are always there; then those that lie
 * in the folders for networks and that no manifest lists. Of what is there now.
 */
export const modelCatalogue: Catalogue = {
  async list() {
    const listed = listModels().toSorted((a, b) =>
      Number(comesWithProject(b)) - Number(comesWithProject(a))
    );
    return await Promise.all([
      ...listed.map(describe),
      ...listUnlisted().map(async (model) => (await describeUnlisted(model)).info),
    ]);
  },

  async describe(id) {
    const { listed, unlisted } = find(id);
    if (listed) {
      const labels = await readLabels(listed) ?? [];
      return { ...await describe(listed), labels, manifest: listed, layers: listed.layers ?? [] };
    }
    const { info, stated } = await describeUnlisted(unlisted);
    const { manifest, labels = [] } = stated();
    return { ...info, labels, manifest, layers: [] };
  },

  async open(id, { options = {}, labels, feeds } = {}) {
    const isListed = find(id).listed !== undefined;
    const input = statedInput(id, options, isListed);
    return { ...await openModel(id, { input, labels, feeds }), isListed };
  },

  version(id) {
    const { listed, unlisted } = find(id);
    return unlisted ? versionOf(unlisted) : `${listed.id} ${stampOf(locateModel(listed) ?? "")}`;
  },

  async file(id) {
    const { listed } = find(id);
    if (!listed) return await unlistedFile(id);
    const path = locateModel(listed);
    if (path === undefined) {
      const why = `Cannot send the network ${id}: ${describeMissing(listed)}`;
      throw new ProblemError("network-missing", why);
    }
    const { size } = await Deno.stat(path);
    const [sha256, expected] = [await measuredDigest(path), listed.sha256 ?? await digestOf(path)];
    if (sha256 !== expected) {
      const why =
        `its file has the SHA-256 ${sha256}, expected ${expected}; the server's operator ` +
        `has to delete it, and run "deno task fetch ${id}"`;
      throw new ProblemError("unusable-network", `Cannot send the network ${id}: ${why}`);
    }
    return { size, sha256, read: (start, end) => filePart(path, start, end) };
  },
};

/** With the weights that lie beside it. */
async function unlistedFile(id: string): Promise<NetworkFile> {
  const { bytes, sha256: digest, path } = await openModel(id);
  const { size } = await Deno.stat(path);
  if (size === bytes.length) {
    return { size, sha256: digest, read: (start, end) => filePart(path, start, end) };
  }
  return {
    size: bytes.length,
    sha256: await sha256(bytes),
    async *read(start, end) {
      yield await Promise.resolve(bytes.slice(start, end));
    },
  };
}

async function describe(manifest: Manifest): Promise<ModelInfo> {
  const { id, title, licence, bytes, input } = manifest;
  return {
    id,
    title,
    licence,
    bytes,
    available: locateModel(manifest) !== undefined,
    input: { height: input.height, width: input.width },
    classes: (await readLabels(manifest))?.length ?? 0,
  };
}

type Found =
  | { readonly listed: Manifest; readonly unlisted?: undefined }
  | { readonly unlisted: UnlistedModel; readonly listed?: undefined };

/** Only what lies in the folders for networks is served: a client's name never becomes a path. */
function find(id: string): Found {
  const listed = findModel(id);
  if (listed) return { listed };
  const unlisted = findUnlisted(id);
  if (unlisted) return { unlisted };
  const ids = [...listModels(), ...listUnlisted()].map((model) => model.id).join(", ");
  throw new ProblemError("network-missing", `There is no network "${id}"; there are ${ids}`);
}

/** Size of one read, in bytes. */
const PIECE = 2 ** 18;

/** The bytes of a file from `start` up to, not including, `end`; it is open for as long. */
export async function* filePart(
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  await file.seek(start, Deno.SeekMode.Start);
  for (let left = end - start; left > 0;) {
    const piece = new Uint8Array(Math.min(PIECE, left));
    const count = await file.read(piece);
    if (count === null) throw new Error(`Cannot send ${path}: it has become shorter`);
    left -= count;
    yield piece.subarray(0, count);
  }
}
