/** A proxy on loopback, as companies have one: all names lead to one hub. */
export interface TestProxy extends Disposable {
  readonly url: string;
  /** The first line of each request. */
  readonly lines: readonly string[];
}

/**
 * Starts a proxy on a free port.
 *
 * @param hub Where requests without a tunnel go, whatever host they name.
 * @param secure Where tunnels lead, a port of this machine. @default nowhere: they are forbidden
 */
export function startProxy(hub: string, secure?: number): TestProxy {
  const lines: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = Number(new URL(hub).port);

  async function serve(client: Deno.TcpConn): Promise<void> {
    const head = await readHead(client);
    const [line, ...fields] = head.split("\r\n");
    lines.push(line);
    if (line.startsWith("CONNECT ")) return await tunnel(client);
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    const direct = line.replace(/^(\w+) https?:\/\/[^/]+/, "$1 ");
    const others = fields.filter((field) => field !== "" && !/^connection:/i.test(field));
    const asked = [direct, ...others, "connection: close", "", ""].join("\r\n");
    await server.write(new TextEncoder().encode(asked));
    await server.readable.pipeTo(client.writable);
  }

  async function tunnel(client: Deno.TcpConn): Promise<void> {
    const answer = secure === undefined ? "403 Forbidden" : "200 Connection established";
    await client.write(new TextEncoder().encode(`HTTP/1.1 ${answer}\r\n\r\n`));
    if (secure === undefined) return client.close();
    const server = await Deno.connect({ hostname: "127.0.0.1", port: secure });
    await Promise.all([
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ]);
  }

  void (async () => {
    for await (const client of listener) void serve(client).catch(() => {});
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    lines,
    [Symbol.dispose]: () => listener.close(),
  };
}

async function readHead(client: Deno.TcpConn): Promise<string> {
  let head = "";
  const piece = new Uint8Array(4096);
  while (!head.includes("\r\n\r\n")) {
    const count = await client.read(piece);
    if (count === null) break;
    head += new TextDecoder().decode(piece.subarray(0, count));
  }
  return head;
}
