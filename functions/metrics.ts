import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { MiddlewareHandler } from "hono";
import { log } from "./log.ts";

const METHODS = new Set("GET HEAD POST PUT DELETE OPTIONS PATCH".split(" "));

/** Upper ends of the buckets of durations, in seconds. */
const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600];

/**
 * What this isolate has done, for Prometheus. Each isolate counts for itself, under a label of its
 * own; a scrape reaches one of them.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter;
  readonly #durations: Histogram;
  readonly #running: Gauge;

  constructor() {
    this.registry.setDefaultLabels({ isolate: crypto.randomUUID().slice(0, 8) });
    const registers = [this.registry];
    this.#requests = new Counter({
      name: "convscope_requests_total",
      help: "Answered requests",
      labelNames: ["route", "method", "status"],
      registers,
    });
    this.#durations = new Histogram({
      name: "convscope_request_seconds",
      help: "Time until the beginning of the answer",
      labelNames: ["route"],
      buckets: SECONDS,
      registers,
    });
    this.#running = new Gauge({
      name: "convscope_requests_running",
      help: "Requests without an answer yet",
      registers,
    });
  }

  /**
   * Counts and times every request, logs those of the interface, and says in Server-Timing how long
   * the answer took to begin.
   */
  middleware(): MiddlewareHandler {
    return async (c, next) => {
      const started = performance.now();
      this.#running.inc();
      try {
        await next();
      } finally {
        this.#running.dec();
        const milliseconds = performance.now() - started;
        const { routePath: route } = c.req;
        // A client may invent methods; each would be kept for ever.
        const method = METHODS.has(c.req.method) ? c.req.method : "other";
        this.#requests.inc({ route, method, status: c.res.status });
        this.#durations.observe({ route }, milliseconds / 1000);
        c.res.headers.set("Server-Timing", `total;dur=${milliseconds.toFixed(1)}`);
        if (c.req.path.startsWith("/api/")) {
          log("info", "request", {
            method,
            path: c.req.path,
            status: c.res.status,
            milliseconds: Math.round(milliseconds),
          });
        }
      }
    };
  }
}
