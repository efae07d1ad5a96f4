import { FetchError, refusal } from "./fetch_error.ts";
import { retryAfter, Transient } from "./retry.ts";

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The rest of a file, from `offset` on. */
export interface Range {
  readonly body: ReadableStream<Uint8Array>;
  /** Where `body` begins: 0 if the server sends the whole file, whatever was asked. */
  readonly offset: number;
  /** Size of the whole file, if the server says it. */
  readonly total: number | undefined;
  /** Names exactly these bytes; undefined if the server does not name them. */
  readonly etag: string | undefined;
}

/**
 * Asks for a file from `offset` on.
 *
 * @param etag What the bytes before `offset` were called; if that has changed, all is sent.
 * @returns Undefined if the server has nothing from `offset` on.
 * @throws {Transient} If it makes sense to ask again.
 * @throws {FetchError} If it does not.
 */
export async function openRange(
  fetch: Fetch,
  url: string,
  headers: Headers,
  { offset, etag, signal }: { offset: number; etag: string | undefined; signal: AbortSignal },
): Promise<Range | undefined> {
  const asked = new Headers(headers);
  asked.set("accept-encoding", "identity");
  if (offset > 0) {
    asked.set("range", `bytes=${offset}-`);
    if (etag !== undefined) asked.set("if-range", etag);
  }
  const response = await fetch(url, { headers: asked, signal }).catch((error) => {
    throw isDistrusted(error) ? distrusted(url, error) : new Transient(noConnection(url, error));
  });
  const { status, body } = response;
  if (status !== 200 && status !== 206) await body?.cancel();
  if (status === 416 && offset > 0) return undefined;
  if (status === 408 || status === 429 || status >= 500) {
    throw new Transient(refusal(url, status), retryAfter(response.headers.get("retry-after")));
  }
  if ((status !== 200 && status !== 206) || !body) throw refusal(url, status);
  const tag = response.headers.get("etag");
  const strong = tag !== null && !tag.startsWith("W/") ? tag : undefined;
  if (status === 200) {
    const length = response.headers.get("content-length");
    return { body, offset: 0, total: length === null ? undefined : Number(length), etag: strong };
  }
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  ) ?? [];
  if (Number(start) !== offset) {
    await body.cancel();
    throw new FetchError(
      `Cannot fetch ${url}: asked for bytes from ${offset}, the server sent ${start ?? "others"}`,
    );
  }
  return { body, offset, total: total === "*" ? undefined : Number(total), etag: strong };
}

/** Everything an error says, that of its causes included. */
function messagesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error ?? "");
  return error.cause === undefined ? error.message : `${error.message}; ${messagesOf(error.cause)}`;
}

/** Whether the other side has a certificate that this machine does not trust. */
const isDistrusted = (error: unknown) =>
  /invalid peer certificate|UnknownIssuer|certificate not valid/i.test(messagesOf(error));

function distrusted(url: string, cause: unknown): FetchError {
  return new FetchError(
    `Cannot fetch ${url}: the certificate of ${hostOf(url, cause)}${
      proxyFor(url)
    } is not trusted; where a ` +
      "proxy has one of its own, set DENO_TLS_CA_STORE=system, or DENO_CERT to a file of its " +
      "authority's certificate",
    { cause },
  );
}

/** The hub sends on to other hosts; the one that failed is named by the error. */
function hostOf(url: string, cause: unknown): string {
  const [, failed = url] = /\burl \((\S+)\)/.exec(messagesOf(cause)) ?? [];
  return new URL(URL.canParse(failed) ? failed : url).host;
}

/** What a request that did not even get an answer means. */
function noConnection(url: string, cause: unknown): FetchError {
  return new FetchError(
    `Cannot fetch ${url}: there is no connection to ${hostOf(url, cause)}${
      proxyFor(url)
    }; check the network, or set ` +
      "MODEL_MIRROR to a folder that has the network, or give the path of an .onnx file",
    { cause },
  );
}

/** The proxy that requests go through, without a password that it may hold. */
function proxyFor(url: string): string {
  const name = `${new URL(url).protocol.replace(":", "")}_proxy`;
  const proxy = [name, name.toUpperCase()].map((variable) => Deno.env.get(variable)).find(Boolean);
  if (proxy === undefined || !URL.canParse(proxy)) return "";
  const { protocol, host } = new URL(proxy);
  return ` through the proxy ${protocol}//${host} (${name.toUpperCase()})`;
}
