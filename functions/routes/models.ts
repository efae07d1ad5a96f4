import type { Context, Handler } from "hono";
import { pacedStream } from "../answers/paced_stream.ts";
import { describer } from "../describe_opened.ts";
import type { Services } from "../services.ts";

/** `GET /api/models`: the catalogue. */
export function listModels({ catalogue }: Services): Handler {
  return async (c) => c.json(await catalogue.list());
}

/** What follows the id in the address of a network's file. */
const FILE = "/file";

/**
 * `GET /api/models/<id>`: one network, with its classes and what was settled when it was opened, as
 * the options in the query ask for; `GET /api/models/<id>/file`: its ONNX file, for those who run it
 * themselves. An id may hold slashes.
 */
export function showModel(services: Services): Handler {
  const { catalogue, config } = services;
  const describe = describer(services);
  return async (c: Context) => {
    const path = c.req.param("id") ?? "";
    if (!path.endsWith(FILE)) return c.json(await describe(path, c.req.query()));
    const { size, sha256, read } = await catalogue.file(path.slice(0, -FILE.length));
    const etag = `"${sha256}"`;
    const headers = { "ETag": etag, "Cache-Control": "no-cache", "Accept-Ranges": "bytes" };
    if (c.req.header("If-None-Match") === etag) return c.body(null, 304, headers);
    // A range of another file than the client has the rest of would spoil it.
    const isSame = [undefined, etag].includes(c.req.header("If-Range"));
    const range = isSame ? byteRange(c.req.header("Range"), size) : undefined;
    if (range === "unsatisfiable") {
      return c.body(null, 416, { ...headers, "Content-Range": `bytes */${size}` });
    }
    const { start, end } = range ?? { start: 0, end: size };
    const isHead = c.req.method === "HEAD";
    const body = isHead ? null : pacedStream(read(start, end), { seconds: config.STALL_SECONDS });
    return new Response(body, {
      status: range ? 206 : 200,
      headers: {
        ...headers,
        "Content-Type": "application/octet-stream",
        "Content-Length": String(end - start),
        ...range && { "Content-Range": `bytes ${start}-${end - 1}/${size}` },
      },
    });
  };
}

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range that a Range header asks for (RFC 9110, 14.2), cut to the file's size. Undefined for
 * no header, another unit or several ranges: then all is sent; "unsatisfiable" if it has no byte.
 */
export function byteRange(
  header: string | undefined,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (!match) return undefined;
  const [, first, last] = match;
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  return start < end ? { start, end } : "unsatisfiable";
}
