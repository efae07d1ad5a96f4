import { mapValues, type RunEvent } from "../../../../shared/api/mod.ts";
import { ApiError, BASE } from "../api.ts";
import type { LocalEvent, LocalJob, LocalResult } from "./messages.ts";

let worker: Worker | undefined;

/**
 * Runs a method in a worker of this page, and yields its events as they come.
 *
 * @throws {ApiError} What the method refuses.
 * @throws The signal's reason once it is aborted; the worker ends with it.
 */
export async function* runLocally(
  method: string,
  body: FormData,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  worker ??= new Worker(new URL("./local_worker.ts", import.meta.url), { type: "module" });
  const events = eventsOf(worker, signal);
  worker.postMessage(jobOf(method, body));
  for await (const event of events) {
    if (event.type === "error") throw new ApiError(event);
    if (event.type === "result") {
      yield { type: "result", result: linked(event.result) };
      return;
    }
    yield event.type === "progress"
      ? { ...event, preview: event.preview && link(event.preview) }
      : event;
  }
}

function jobOf(method: string, body: FormData): LocalJob {
  const { image, guide, model, ...fields } = Object.fromEntries(body);
  const file = (value?: FormDataEntryValue) => value instanceof Blob ? value : undefined;
  return {
    origin: BASE,
    method,
    model: String(model),
    fields: fields as Record<string, string>,
    images: { image: file(image), guide: file(guide) },
  };
}

async function* eventsOf(worker: Worker, signal: AbortSignal): AsyncGenerator<LocalEvent> {
  const waiting: LocalEvent[] = [];
  let wake = () => {};
  worker.onmessage = ({ data }: MessageEvent<LocalEvent>) => {
    waiting.push(data);
    wake();
  };
  worker.onerror = ({ message }) => {
    stop();
    waiting.push({ type: "error", title: "This browser could not do it", detail: message });
    wake();
  };
  signal.addEventListener("abort", () => {
    stop();
    wake();
  });
  for (;;) {
    signal.throwIfAborted();
    const event = waiting.shift();
    if (event) yield event;
    else await new Promise<void>((resolve) => wake = resolve);
  }
}

/** A network that computes cannot be interrupted; its worker can be ended. */
function stop(): void {
  worker?.terminate();
  worker = undefined;
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
