import { secureHeaders } from "hono/secure-headers";
import type { MiddlewareHandler } from "hono";

/** The script of the worker that runs OpenCV, which makes functions from text. */
const CUT_WORKER = /^\/_astro\/cut_worker-[\w-]+\.js$/;

/**
 * Headers that keep pages to what they ship with: no inline code, no third party, no frame. A
 * worker's policy is the one that its own script comes with: that of one worker may make code from
 * text, and no page and no other worker.
 */
export function securityHeaders(): MiddlewareHandler {
  const usual = headers(["'self'", "'wasm-unsafe-eval'"]);
  const cutWorker = headers(["'self'", "'wasm-unsafe-eval'", "'unsafe-eval'"]);
  return (c, next) => (CUT_WORKER.test(c.req.path) ? cutWorker : usual)(c, next);
}

function headers(scriptSrc: string[]): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc,
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'", "data:", "blob:"],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: { camera: ["self"], microphone: [], geolocation: [], payment: [] },
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
  });
}
