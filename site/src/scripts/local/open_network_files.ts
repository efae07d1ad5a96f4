import { BYTES_PER_WEIGHT_BYTE, memoryOfWeights } from "../../../../shared/methods/job_memory.ts";
import { sha256 } from "../../../../shared/models/sha256.ts";
import { detailsOf, fittingLabels, workableMethods } from "./describe_network.ts";
import { OpenError } from "./open_error.ts";
import type { Answers, Opening, StoredNetwork } from "./opened_file.ts";
import { openLocal } from "./open_local_network.ts";
import { prepareNetwork } from "./prepare_network.ts";
import { sortFiles } from "./sort_files.ts";
import { memoryLimit } from "./thread_count.ts";
import { unpackFiles } from "./unpack_files.ts";

const MIB = 2 ** 20;

/**
 * Most that one network may need by that estimate, in MiB, however much memory there is: WebAssembly
 * addresses 4 GiB, and holds about three copies of the weights.
 */
const WASM_LIMIT = 10 * 1024;

/** Digits of the SHA-256 in an id. */
const ID_DIGITS = 16;

/**
 * Opens a network from files in any order: one .onnx, the files that its weights lie in, labels, its
 * preprocessing; or a .zip of them. It stays open in this worker.
 *
 * @param limit Memory that may be taken, in MiB.
 * @throws {OpenError} If it cannot be opened, in a sentence.
 */
export async function openNetworkFiles(
  files: readonly File[],
  answers: Answers,
  onProgress: (opening: Opening) => void,
  limit = memoryLimit(),
): Promise<StoredNetwork> {
  const unpacked = await unpackFiles(files, limit * MIB / BYTES_PER_WEIGHT_BYTE);
  const sorted = await sortFiles(unpacked);
  const { network: { name, file }, others, beside } = sorted;
  const total = [file, ...others.map((other) => other.file)]
    .reduce((sum, { size }) => sum + size, 0);
  checkSize(name, total, limit);
  const bytes = await readAll(file, (done) => onProgress({ stage: "reading", done, total }));
  onProgress({ stage: "loading", done: total, total });
  const prepared = await prepareNetwork(sorted, bytes, answers);
  const { manifest, questions } = prepared;
  const isWhole = prepared.bytes === bytes;
  const digest = await sha256(prepared.bytes);
  const id = `file:${digest.slice(0, ID_DIGITS)}`;
  const source = { manifest, bytes: prepared.bytes, labels: prepared.labels?.list };
  const given = isWhole ? digest : await sha256(bytes);
  const size = questions.find((question) => question.name === "size");
  const remedy = size && sizeRemedy(size.assumed);
  const { network } = await openLocal({ id, source, sha256: given }).catch((cause) => {
    throw openingError(name, cause, remedy);
  });
  const labels = fittingLabels(network, prepared.labels);
  const { methods, notes } = await workableMethods(network, remedy);
  const details = detailsOf(id, network, manifest, prepared.bytes.length);
  const opened = {
    id,
    details: labels ? { ...details, labels } : details,
    questions,
    notes: labels || details.classes === 0
      ? notes
      : [...notes, "Nothing names its classes; give a list of labels with the file."],
    methods,
  };
  const whole = isWhole ? file : new Blob([prepared.bytes]);
  return { opened, file: whole, sha256: given, manifest, labels, beside };
}

const sizeRemedy = (side: number) =>
  `; its size is not said, and ${side} x ${side} was tried: say its input's size`;

/** Why a network whose file is whole cannot be used; the error itself where it is nobody's fault. */
function openingError(file: string, cause: unknown, remedy = ""): unknown {
  const { kind, message } = Object(cause) as { kind?: unknown; message?: string };
  if (kind === undefined || message === undefined) return cause;
  const fault = kind === "unsupported-operator" ? kind : "unusable-network";
  const why = message.replace(/^Cannot (?:use|load|open) [^:]*: /, "");
  return new OpenError(fault, `Cannot open ${file}: ${why}${remedy}`, [], { cause });
}

/** Refuses what would end the page. */
function checkSize(name: string, bytes: number, available: number): void {
  const limit = Math.min(available, WASM_LIMIT);
  const needed = memoryOfWeights(bytes);
  if (needed <= limit) return;
  throw new OpenError(
    "too-large",
    `Cannot open ${name} here: with ${Math.round(bytes / 1e6)} MB it would take about ` +
      `${(needed / 1024).toFixed(1)} GiB of memory, and this page may take ` +
      `${(limit / 1024).toFixed(1)}; use the command line`,
  );
}

async function readAll(
  file: Blob,
  onProgress: (done: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.size);
  let done = 0;
  for await (const chunk of file.stream()) {
    bytes.set(chunk, done);
    onProgress(done += chunk.length);
  }
  return bytes;
}
