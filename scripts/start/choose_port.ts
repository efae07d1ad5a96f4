/** Ports that are tried after the one that was wished for. */
const TRIES = 20;

/**
 * The port to listen at: the one wished for, or the next one that is free.
 *
 * @param isFree Whether nobody listens at a port.
 * @throws {RangeError} If none of the next ones is free either.
 * @throws {Error} If nobody can listen there: no such host, or a port that is kept for the system.
 */
export function choosePort(
  wish: number,
  hostname: string,
  isFree: (port: number, hostname: string) => boolean = canListen,
): number {
  for (let port = wish; port <= Math.min(wish + TRIES, 65535); port++) {
    if (isFree(port, hostname)) return port;
  }
  throw new RangeError(
    `Cannot start: the ports ${wish} to ${wish + TRIES} are all taken; set PORT to a free one`,
  );
}

function canListen(port: number, hostname: string): boolean {
  try {
    Deno.listen({ port, hostname }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    const { message } = error as Error;
    throw new Error(`Cannot start: HOST ${hostname} and PORT ${port} cannot be used: ${message}`, {
      cause: error,
    });
  }
}
