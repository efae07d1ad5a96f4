/**
 * A hub on loopback: `/<owner>/<name>/resolve/<revision>/<file>` redirects to the bytes, as the real
 * one does. It can misbehave in every way that a network between here and there does.
 */

/** How one request for the bytes of a file is answered. */
export type Answer =
  /** Right, with ranges. */
  | { readonly kind: "serve" }
  /** The connection breaks after so many bytes. */
  | { readonly kind: "drop"; readonly after: number }
  /** Nothing more comes after so many bytes. */
  | { readonly kind: "stall"; readonly after: number }
  /** The file from its start, whatever was asked. */
  | { readonly kind: "ignore-range" }
  /** Ends properly after so many bytes, and does not say how many there should be. */
  | { readonly kind: "short"; readonly after: number }
  /** As many bytes, but others. */
  | { readonly kind: "corrupt" }
  /** Another file, of another size. */
  | { readonly kind: "other"; readonly bytes: Uint8Array }
  /** The beginning of the rest, from a wrong offset. */
  | { readonly kind: "wrong-range" }
  | { readonly kind: "status"; readonly status: number; readonly headers?: HeadersInit };

export interface HubRequest {
  readonly path: string;
  readonly range: string | null;
  readonly ifRange: string | null;
  readonly authorization: string | null;
}

export interface TestHub extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly HubRequest[];
  /** Those that reached the bytes, past the redirect. */
  readonly byteRequests: readonly HubRequest[];
}

export interface TestHubOptions {
  /** By `<repository>/<file>`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Answers to the requests for bytes in their order; "serve" when they are used up. */
  readonly answers?: Answer[];
  /** Whether the bytes have a name. @default true */
  readonly etag?: boolean;
  /** Where the bytes are: another server, as the real hub has it. @default here */
  readonly cdn?: string;
  /** For https: certificate and private key, in PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

const PIECE = 1 << 14;

/** Starts a hub on a free port. */
export function startHub(options: TestHubOptions): TestHub {
  const { files, answers = [], etag = true, cdn = "/", tls } = options;
  const requests: HubRequest[] = [];
  const ended = Promise.withResolvers<void>();

  async function handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    requests.push({
      path: pathname,
      range: request.headers.get("range"),
      ifRange: request.headers.get("if-range"),
      authorization: request.headers.get("authorization"),
    });
    const [, repository, file] = /^\/(.+)\/resolve\/[^/]+\/(.+)$/.exec(pathname) ?? [];
    if (repository !== undefined) {
      const headers = { location: `${cdn}cdn/${repository}/${file}` };
      return new Response(null, { status: 302, headers });
    }
    const bytes = files[pathname.replace(/^\/cdn\//, "")];
    const answer = answers.shift() ?? { kind: "serve" };
    if (answer.kind === "status") {
      return new Response("no", { status: answer.status, headers: answer.headers });
    }
    if (!bytes) return new Response("Entry not found", { status: 404 });
    return await respond(request, bytes, answer);
  }

  async function respond(
    request: Request,
    whole: Uint8Array,
    answer: Exclude<Answer, { kind: "status" }>,
  ): Promise<Response> {
    const bytes = answer.kind === "other"
      ? answer.bytes
      : answer.kind === "corrupt"
      ? whole.map((byte) => byte ^ 0x55)
      : whole;
    const tag = etag ? { etag: `"${await nameOf(bytes)}"` } : undefined;
    const headers = new Headers(tag);
    const ifRange = request.headers.get("if-range");
    const wanted = ifRange !== null && ifRange !== headers.get("etag")
      ? null
      : request.headers.get("range");
    const from = Number(/^bytes=(\d+)-/.exec(wanted ?? "")?.[1] ?? 0);
    const ranged = wanted !== null && answer.kind !== "ignore-range";
    const start = !ranged ? 0 : answer.kind === "wrong-range" ? Math.max(0, from - 1) : from;
    if (start >= bytes.length && bytes.length > 0) {
      headers.set("content-range", `bytes */${bytes.length}`);
      return new Response(null, { status: 416, headers });
    }
    const rest = bytes.subarray(start);
    if (ranged) {
      headers.set("content-range", `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
    }
    if (answer.kind !== "short") headers.set("content-length", `${rest.length}`);
    return new Response(stream(rest, answer), { status: ranged ? 206 : 200, headers });
  }

  function stream(bytes: Uint8Array, answer: Answer): ReadableStream<Uint8Array> {
    const limit = "after" in answer ? Math.min(answer.after, bytes.length) : bytes.length;
    let at = 0;
    return new ReadableStream({
      async pull(controller) {
        if (at < limit) {
          controller.enqueue(bytes.subarray(at, Math.min(at + PIECE, limit)));
          at += PIECE;
        } else if (answer.kind === "drop") {
          controller.error(new Error("dropped on purpose"));
        } else if (answer.kind === "stall") {
          await ended.promise;
          controller.close();
        } else {
          controller.close();
        }
      },
    });
  }

  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
    ...tls,
    // A body that breaks is what the test wants; the default prints it.
    onError: () => new Response(null, { status: 500 }),
  }, handle);
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${server.addr.port}/`,
    requests,
    get byteRequests() {
      return requests.filter(({ path }) => path.startsWith("/cdn/"));
    },
    async [Symbol.asyncDispose]() {
      ended.resolve();
      await server.shutdown();
    },
  };
}

async function nameOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return new Uint8Array(digest).toHex().slice(0, 16);
}
