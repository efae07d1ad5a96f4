import { secureHeaders } from "hono/secure-headers";
import type { MiddlewareHandler } from "hono";

/** Headers that keep pages to what they ship with: no inline code, no third party, no frame. */
export function securityHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
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
