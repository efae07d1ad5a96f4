import type { RunEvent } from "../../shared/api/mod.ts";
import { drawFigure } from "../../shared/figure/mod.ts";
import { renderPng } from "../../shared/figure/render_png.ts";
import { type EventQueue, pieces } from "./event_queue.ts";

/** How an answer is written. */
export interface Format {
  readonly type: string;
  /** Milliseconds from the first step in which a failure still becomes a status. @default ever */
  readonly grace?: number;
  body(queue: EventQueue, last: () => Promise<RunEvent>): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/**
 * Milliseconds between two signs of life. Deno notices that a client is gone only when it writes,
 * and the first write to a closed connection still succeeds.
 */
const HEARTBEAT = 300;

const encoder = new TextEncoder();

/** Every step as a line of JSON, the result or the problem last. */
export const EVENTS: Format = {
  type: "application/x-ndjson",
  grace: 0,
  async *body(queue, last) {
    last().then((event) => {
      queue.push(event);
      queue.close();
    });
    yield* queue.lines();
  },
};

/** One JSON document, after white space for as long as the job runs. */
export const DOCUMENT: Format = {
  type: "application/json",
  grace: 500,
  async *body(_queue, last) {
    let event: RunEvent | undefined;
    const ended = last().then((last) => event = last);
    while (!event) {
      yield encoder.encode(" ");
      await Promise.race([ended, sleep(HEARTBEAT)]);
    }
    const value = event.type === "result" ? event.result : event.type === "error" && event.problem;
    yield* pieces(encoder.encode(JSON.stringify(value)));
  },
};

/** The first figure of the result as a file; nothing is sent before it is drawn. */
const drawn = (type: string, draw: (svg: string) => Promise<Uint8Array<ArrayBuffer>>): Format => ({
  type,
  async *body(_queue, last) {
    const event = await last();
    if (event.type !== "result") return;
    const [figure] = Object.values(event.result.figures);
    yield* pieces(await draw(drawFigure(figure)));
  },
});

const FORMATS: readonly Format[] = [
  EVENTS,
  drawn("image/svg+xml", (svg) => Promise.resolve(encoder.encode(svg))),
  drawn("image/png", (svg) => renderPng(svg)),
];

/** The format that a client accepts by name; the result as JSON for all others. */
export function formatFor(accept = ""): Format {
  return FORMATS.find(({ type }) => accept.includes(type)) ?? DOCUMENT;
}

/** Waits. */
export const sleep = (milliseconds: number): Promise<void> =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
