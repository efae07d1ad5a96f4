/** A port of this machine that nobody listens at right now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Whether a server of this project answers at an origin. */
export async function isListening(origin: string): Promise<boolean> {
  const response = await fetch(`${origin}/healthz`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}
