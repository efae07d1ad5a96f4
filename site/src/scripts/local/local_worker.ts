/**
 * Runs techniques in the visitor's browser: the same code as the functions, and the picture never
 * leaves the device.
 *
 * @module
 */
import { z } from "zod";
import type { ModelDetails } from "../../../../shared/api/mod.ts";
import { decodeImage } from "../../../../shared/image/decode_image.ts";
import { encodePng } from "../../../../shared/image/encode_png.ts";
import type { Image } from "../../../../shared/image/image.ts";
import { preprocess } from "../../../../shared/models/preprocess.ts";
import { checkInputs } from "../../../../shared/techniques/check_inputs.ts";
import { type Network, openNetwork } from "../../../../shared/techniques/network.ts";
import { parseOptions } from "../../../../shared/techniques/parse_options.ts";
import { loadTechnique } from "../../../../shared/techniques/registry.ts";
import type { TechniqueInput } from "../../../../shared/techniques/technique.ts";
import { encodeNpy } from "../../../../shared/tensor/npy.ts";
import { sha256 } from "../../../../shared/models/sha256.ts";
import type { LocalEvent, LocalJob, LocalResult } from "./messages.ts";

// The page's policy refuses code that is made from text, and zod would try.
z.config({ jitless: true });

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LocalJob>) => void;
  postMessage(event: LocalEvent): void;
};

interface Opened {
  readonly details: ModelDetails;
  readonly network: Network;
  readonly sha256: string;
}

/** The network that was used last. */
let opened: { readonly id: string; readonly network: Promise<Opened> } | undefined;

scope.onmessage = async ({ data: job }) => {
  try {
    scope.postMessage({ type: "result", result: await run(job) });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    scope.postMessage({ type: "error", title: "This browser could not do it", detail });
  }
};

async function run(
  { origin, technique: id, model, fields, pictures }: LocalJob,
): Promise<LocalResult> {
  const technique = await loadTechnique(id);
  const options = parseOptions(technique.options, fields);
  if (opened?.id !== model) {
    (await opened?.network.catch(() => undefined))?.network.dispose();
    opened = { id: model, network: open(origin, model) };
  }
  const { network, sha256 } = await opened.network.catch((error) => {
    opened = undefined;
    throw error;
  });
  const inputs: Partial<Record<"picture" | "guide", TechniqueInput>> = {};
  for (const name of ["picture", "guide"] as const) {
    const blob = pictures[name];
    if (blob && technique.takes[name]) inputs[name] = await read(blob, network);
  }
  checkInputs(technique, inputs);
  const started = performance.now();
  const { backend } = network;
  let begun = false;
  const result = await technique.run(network, inputs, options, {
    onProgress({ done, total, unit, preview }) {
      if (!begun) scope.postMessage({ type: "start", total, unit, backend });
      begun = true;
      scope.postMessage({ type: "progress", done, total, unit, preview: preview && png(preview) });
    },
  });
  return {
    technique: id,
    model,
    modelSha256: sha256,
    options: options as Record<string, unknown>,
    pictures: mapValues(result.pictures, png),
    arrays: mapValues(result.arrays, (tensor) => ({
      type: tensor.type,
      dims: tensor.dims,
      blob: new Blob([encodeNpy(tensor)]),
    })),
    files: mapValues(result.files ?? {}, (bytes) => new Blob([new Uint8Array(bytes)])),
    measures: result.measures,
    backend,
    milliseconds: Math.round(performance.now() - started),
  };
}

async function open(origin: string, id: string): Promise<Opened> {
  const details: ModelDetails = await (await get(`${origin}/api/models/${id}`)).json();
  const bytes = new Uint8Array(await (await get(`${origin}/api/models/${id}/file`)).arrayBuffer());
  const { manifest, labels } = details;
  const network = await openNetwork({ manifest, bytes, labels });
  return { details, network, sha256: await sha256(bytes) };
}

async function get(path: string): Promise<Response> {
  const response = await fetch(path);
  if (response.ok) return response;
  const { detail } = await response.json().catch(() => ({ detail: `status ${response.status}` }));
  throw new Error(`Cannot fetch ${path}: ${detail}`);
}

async function read(blob: Blob, network: Network): Promise<TechniqueInput> {
  const image = await decodeImage(new Uint8Array(await blob.arrayBuffer()));
  return preprocess(image, network.manifest.input);
}

function png(image: Image) {
  const { width, height } = image;
  return { width, height, blob: new Blob([encodePng(image)], { type: "image/png" }) };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
