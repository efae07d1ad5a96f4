import type { Context, Handler } from "hono";
import type { Services } from "../services.ts";

/** `GET /api/models`: the catalogue. */
export function listModels({ catalogue }: Services): Handler {
  return async (c) => c.json(await catalogue.list());
}

/** `GET /api/models/<id>`: one network, with its classes. An id may hold slashes. */
export function describeModel({ catalogue }: Services): Handler {
  return async (c: Context) => c.json(await catalogue.describe(c.req.param("id") ?? ""));
}

/** `GET /api/models/<id>/file`: the ONNX file, for those who run it themselves. */
export function sendModel({ catalogue }: Services): Handler {
  return async (c: Context) => {
    const { bytes, sha256 } = await catalogue.open(c.req.param("id") ?? "");
    const etag = `"${sha256}"`;
    const headers = { "ETag": etag, "Cache-Control": "no-cache" };
    if (c.req.header("If-None-Match") === etag) return c.body(null, 304, headers);
    return c.body(new Uint8Array(bytes), 200, {
      ...headers,
      "Content-Type": "application/octet-stream",
      "Content-Length": String(bytes.length),
    });
  };
}
