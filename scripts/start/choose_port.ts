/** Ports that are tried after the one that was requested. */
const TRIES = 20;

/**
 * The port to listen at: the one requested, or the next one that is free.
 *
 * @param isFree Whether nobody listens at a port.
 * @throws {RangeError} If none of the next ones is free either.
 * @throws {Error} If nobody can listen there: no such host, or a port that is kept for the system.
 */
export function choosePort(
  requested: number,
  hostname: string,
  isFree: (port: number, hostname: string) => boolean = canListen,
): number {
  for (let port = requested; port <= Math.min(requested + TRIES, 65535); port++) {
    if (isFree(port, hostname)) return port;
  }
  throw new RangeError(
    `Cannot start: the ports ${requested} to ${
      requested + TRIES
    } are all taken; set PORT to a free one`,
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
