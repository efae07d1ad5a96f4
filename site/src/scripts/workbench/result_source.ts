import type { ArrayLink, ModelDetails } from "../../../../shared/api/mod.ts";
import { decodeNpy } from "../../../../shared/tensor/npy.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";

/** What a result is of, beside what it says itself. */
export interface ResultSource {
  readonly model: ModelDetails;
  /** As the network was given it. */
  readonly image?: Blob;
  /** The second image. */
  readonly guide?: Blob;
  /** How it was fitted into the input; as the network was trained where there is nothing. */
  readonly fitting: Readonly<Record<string, string>>;
}

/** Fields of a request that say how the image is fitted into the input. */
const FITTING = ["fit", "short-side"] as const;

/** What the result of a request is of. */
export function sourceOf(fields: FormData, model: ModelDetails, image?: Blob): ResultSource {
  const given = FITTING.map((name) => [name, fields.get(name)] as const)
    .filter((entry): entry is [typeof entry[0], string] => typeof entry[1] === "string");
  const guide = fields.get("guide");
  return {
    model,
    image,
    guide: guide instanceof Blob ? guide : undefined,
    fitting: Object.fromEntries(given),
  };
}

/** An array of a result, wherever it was computed. */
export async function readArray({ url }: ArrayLink): Promise<Tensor> {
  const response = await fetch(url);
  return decodeNpy(new Uint8Array(await response.arrayBuffer()));
}
