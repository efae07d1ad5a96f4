import type { RunEvent, RunResult } from "../../shared/api/mod.ts";
import { encodePng } from "../../shared/image/encode_image.ts";
import { uniformAt } from "../../shared/tensor/random.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import { SIDE } from "./tiny_catalogue.ts";

/** An image of noise as a PNG. */
export function noisePng(width = SIDE, height = SIDE, seed = 1): Uint8Array<ArrayBuffer> {
  const data = Uint8ClampedArray.from(
    { length: width * height * 4 },
    (_, i) => i % 4 === 3 ? 255 : 256 * uniformAt(seed, i),
  );
  return encodePng({ width, height, data });
}

/** A form as a client posts it. `undefined` leaves a field out. */
export function form(fields: Readonly<Record<string, string | Blob | undefined>> = {}): FormData {
  const all = { image: new Blob([noisePng()]), model: "tiny", window: "6", stride: "3", ...fields };
  const data = new FormData();
  for (const [name, value] of Object.entries(all)) {
    if (value instanceof Blob) data.set(name, value, "image");
    else if (value !== undefined) data.set(name, value);
  }
  return data;
}

/** A request for an occlusion map, at `origin`. */
export function post(
  fields: Parameters<typeof form>[0] = {},
  init: RequestInit = {},
  origin = "http://localhost",
): Request {
  return new Request(`${origin}/api/occlusion`, { method: "POST", body: form(fields), ...init });
}

/** The request's header that asks for events. */
export const AS_EVENTS: HeadersInit = { Accept: "application/x-ndjson" };

/** The events of a response, one by one. */
export async function* eventsOf(response: Response): AsyncGenerator<RunEvent> {
  let rest = "";
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
  if (rest !== "") throw new SyntaxError(`The events break off: ${rest.slice(0, 100)}`);
}

/** An array of a result. */
export function arrayOf(result: RunResult, name: string) {
  const [, base64] = result.arrays[name].url.split(",");
  return decodeNpy(Uint8Array.fromBase64(base64));
}
