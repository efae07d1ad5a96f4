import type { Manifest } from "../shared/models/manifest.ts";

/** What a person does to get a network that is not on this machine. */
export function describeMissing({ id, bytes, licence, source }: Manifest): string {
  const size = bytes === null ? "size unknown" : `${formatMegabytes(bytes)}`;
  const about = `${size}, licence: ${licence.name}`;
  const isMirrored = "hub" in source && source.hub.public === false;
  return isMirrored
    ? `it is not on the public hub; set MODEL_MIRROR to a folder that has it (${about})`
    : `it is not on this machine; get it with "deno task fetch ${id}" (${about})`;
}

/** A size for people: "27.3 MB", of a million bytes each. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
