/** A proxy on loopback, as companies have one: all names lead to one hub, and tunnels nowhere. */
export interface TestProxy extends Disposable {
  readonly url: string;
  /** The first line of each request. */
  readonly lines: readonly string[];
}

/**
 * Starts a proxy on a free port.
 *
 * @param hub Where requests without a tunnel go, whatever host they name.
 */
export function startProxy(hub: string): TestProxy {
  const lines: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = Number(new URL(hub).port);

  async function serve(client: Deno.TcpConn): Promise<void> {
    const head = await readHead(client);
    const [line, ...fields] = head.split("\r\n");
    lines.push(line);
    if (line.startsWith("CONNECT ")) {
      await client.write(new TextEncoder().encode("HTTP/1.1 403 Forbidden\r\n\r\n"));
      return client.close();
    }
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    const direct = line.replace(/^(\w+) https?:\/\/[^/]+/, "$1 ");
    const others = fields.filter((field) => field !== "" && !/^connection:/i.test(field));
    const asked = [direct, ...others, "connection: close", "", ""].join("\r\n");
    await server.write(new TextEncoder().encode(asked));
    await server.readable.pipeTo(client.writable);
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
