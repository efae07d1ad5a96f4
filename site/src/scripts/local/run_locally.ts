import { mapValues, type RunEvent } from "../../../../shared/api/mod.ts";
import { ApiError, BASE } from "../api.ts";
import { localLink } from "./local_link.ts";
import { isFile, keptNetwork } from "./network_store.ts";
import type { NetworkPlace } from "./open_local_network.ts";
import type { LocalEvent, LocalJob, LocalResult } from "./messages.ts";
import type { Opening } from "./opened_file.ts";

type RunningEvent = Exclude<LocalEvent, { type: "error" | "opening" | "opened" }>;

/**
 * Runs a method in workers of this page, and yields its events as they come. Jobs wait for those
 * before them.
 *
 * @param onOpening Told while the network comes from the functions.
 * @throws {ApiError} What the method refuses.
 * @throws The signal's reason as soon as it is aborted; all that computes for it ends.
 */
export async function* runLocally(
  method: string,
  body: FormData,
  signal: AbortSignal,
  onOpening: (opening: Opening) => void = () => {},
): AsyncGenerator<RunEvent> {
  for await (
    const event of localLink.ask({ type: "run", job: await jobOf(method, body) }, signal)
  ) {
    if (event.type === "error") throw new ApiError(event.problem);
    if (event.type === "opening") onOpening(event);
    else if (event.type !== "opened") yield linkedEvent(event);
  }
}

async function jobOf(method: string, body: FormData): Promise<LocalJob> {
  const { image, guide, model, ...fields } = Object.fromEntries(body);
  const file = (value?: FormDataEntryValue) => value instanceof Blob ? value : undefined;
  return {
    place: await placeOf(String(model)),
    method,
    fields: fields as Record<string, string>,
    images: { image: file(image), guide: file(guide) },
  };
}

/**
 * Where a network is that a page names.
 *
 * @throws {ApiError} If it was opened from a file, and is not kept any more.
 */
export async function placeOf(model: string): Promise<NetworkPlace> {
  if (!isFile(model)) return { origin: BASE, model };
  const stored = await keptNetwork(model);
  if (stored) return { origin: BASE, model, stored };
  throw new ApiError({
    title: "The network is not here any more",
    detail: `Cannot find ${model}: this browser does not keep it any more; open its file again`,
  });
}

function linkedEvent(event: RunningEvent): RunEvent {
  if (event.type === "result") return { type: "result", result: linked(event.result) };
  if (event.type === "progress") return { ...event, preview: event.preview && link(event.preview) };
  const { occlusion } = event;
  const { image, occluder } = occlusion ?? {};
  return {
    ...event,
    occlusion: occlusion && { ...occlusion, image: link(image!), occluder: link(occluder!) },
  };
}

const link = <Rest extends { readonly blob: Blob }>({ blob, ...rest }: Rest) => ({
  ...rest,
  url: URL.createObjectURL(blob),
});

function linked(result: LocalResult) {
  return {
    ...result,
    images: mapValues(result.images, link),
    arrays: mapValues(result.arrays, link),
    files: mapValues(
      result.files,
      (blob) => ({ bytes: blob.size, url: URL.createObjectURL(blob) }),
    ),
  };
}
