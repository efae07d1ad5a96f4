import { z } from "zod";
import type { ModelDetails } from "../../../../shared/api/mod.ts";
import { decodeImage } from "../../../../shared/image/decode_image.ts";
import type { ManifestInput } from "../../../../shared/models/manifest.ts";
import { preprocess } from "../../../../shared/models/preprocess.ts";
import { sha256 } from "../../../../shared/models/sha256.ts";
import { type Network, openNetwork } from "../../../../shared/network/network.ts";
import type { MethodInput } from "../../../../shared/contract/method.ts";

// The page's policy refuses code that is made from text, and zod would try.
z.config({ jitless: true });

/** A network in this worker. */
export interface LocalNetwork {
  readonly network: Network;
  readonly sha256: string;
}

/** The network that was used last. */
let opened: { readonly id: string; readonly network: Promise<LocalNetwork> } | undefined;

/**
 * Opens a network of the server in this worker; the last one is kept.
 *
 * @param origin Where the functions are; empty: where the page is.
 * @throws {Error} If the server does not have it, or this browser cannot run it.
 */
export async function openLocalNetwork(origin: string, id: string): Promise<LocalNetwork> {
  if (opened?.id !== id) {
    (await opened?.network.catch(() => undefined))?.network.dispose();
    opened = { id, network: open(origin, id) };
  }
  return await opened.network.catch((error) => {
    opened = undefined;
    throw error;
  });
}

/** What a network looks at, from an image's file. */
export async function readLocally(blob: Blob, input: ManifestInput): Promise<MethodInput> {
  const image = await decodeImage(new Uint8Array(await blob.arrayBuffer()));
  return { ...preprocess(image, input), notes: image.notes };
}

async function open(origin: string, id: string): Promise<LocalNetwork> {
  const { manifest, labels }: ModelDetails = await (await get(`${origin}/api/models/${id}`)).json();
  const file = await get(`${origin}/api/models/${id}/file`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { network: await openNetwork({ manifest, bytes, labels }), sha256: await sha256(bytes) };
}

async function get(path: string): Promise<Response> {
  const response = await fetch(path);
  if (response.ok) return response;
  const { detail } = await response.json().catch(() => ({ detail: `status ${response.status}` }));
  throw new Error(`Cannot fetch ${path}: ${detail}`);
}
