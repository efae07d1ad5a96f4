import type { Context, Handler } from "hono";
import type { Services } from "../services.ts";

/** `GET /api/models`: the catalogue. */
export function listModels({ catalogue }: Services): Handler {
  return async (c) => c.json(await catalogue.list());
}

/** What follows the id in the address of a network's file. */
const FILE = "/file";

/**
 * `GET /api/models/<id>`: one network, with its classes; `GET /api/models/<id>/file`: its ONNX file,
 * for those who run it themselves. An id may hold slashes.
 */
export function showModel({ catalogue }: Services): Handler {
  return async (c: Context) => {
    const path = c.req.param("id") ?? "";
    if (!path.endsWith(FILE)) return c.json(await catalogue.describe(path));
    const { bytes, sha256 } = await catalogue.open(path.slice(0, -FILE.length));
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
