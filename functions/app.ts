import { Hono } from "hono";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { methodNotAllowed } from "hono/method-not-allowed";
import { Metrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { ProblemError, problemOf, problemResponse } from "./problems.ts";
import { cancelJob, JOB_HEADER, runMethod } from "./routes/run_method.ts";
import { listModels, showModel } from "./routes/models.ts";
import { rebuildRoutes } from "./routes/rebuild.ts";
import { listMethods, loadMethods } from "./routes/methods.ts";
import { applyKernel } from "./routes/apply_kernel.ts";
import { securityHeaders } from "./security_headers.ts";
import type { Services } from "./services.ts";
import { countRequests } from "./shutdown/drain.ts";
import { notFoundPage, siteFiles } from "./site_files.ts";
import { KERNEL_IDS } from "../shared/methods/kernels.ts";
import { invocationPath } from "./invocations/invocation.ts";

/** Files that are sent compressed; of WebAssembly it would take longer than it saves on most lines. */
const TEXTS = /^(?:text\/|application\/(?:json|javascript|xml)|image\/svg)/;

/** All routes: the functions under `/api`, and the site everywhere else. */
export function createApp(services: Services): Hono {
  const { config, signer, drain } = services;
  const app = new Hono();

  const metrics = new Metrics();
  app.use(countRequests(drain));
  app.use(metrics.middleware());
  app.use(securityHeaders());
  app.use(
    "/api/*",
    cors({ origin: [...config.CORS_ORIGINS ?? []], exposeHeaders: [JOB_HEADER], maxAge: 3600 }),
  );
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const Allow = methods.join(", ");
      const { problem } = new ProblemError(
        "method-not-allowed",
        `${c.req.path} does not answer to ${c.req.method}, only to ${Allow}`,
      );
      return problemResponse(problem, { Allow });
    },
  }));
  app.onError((error) => problemResponse(problemOf(error)));
  app.notFound((c) => {
    if (!c.req.path.startsWith("/api/") && ["GET", "HEAD"].includes(c.req.method)) {
      return notFoundPage(c, config.SITE);
    }
    return problemResponse(
      new ProblemError("not-found", `There is nothing at ${c.req.path}`).problem,
    );
  });

  // Answers as long as the isolate does.
  app.get("/healthz", (c) => c.json({ status: "ok" }, 200, { "Cache-Control": "no-store" }));
  app.get("/metrics", async (c) => {
    const { registry } = metrics;
    return c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType });
  });
  app.get("/api/openapi.json", etag(), async (c) => c.json(openApi(await loadMethods(), config)));
  app.get("/openapi.json", (c) => c.redirect("/api/openapi.json", 308));
  app.get("/api/models", listModels(services));
  app.get("/api/models/:id{.+}", showModel(services));
  app.get("/api/methods", listMethods);
  app.delete("/api/jobs/:id", cancelJob(services));
  for (const id of signer ? KERNEL_IDS : []) {
    app.post(invocationPath(id), applyKernel(services, signer!, id));
  }
  if (config.REBUILD_TOKEN !== undefined) {
    app.route(
      "/api/rebuild",
      rebuildRoutes({
        token: config.REBUILD_TOKEN,
        folder: config.REBUILD_FOLDER,
        webhook: config.REBUILD_WEBHOOK,
        stopping: drain.stopping,
      }),
    );
  }
  app.post("/api/:method", runMethod(services));
  app.use(compress({ contentTypeFilter: TEXTS }), etag(), siteFiles(config.SITE));
  return app;
}
