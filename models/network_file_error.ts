import type { KnownError } from "../shared/errors.ts";

/** A network's file that is not on this machine, or not the one that its manifest means. */
export class NetworkFileError extends Error implements KnownError {
  override readonly name = "NetworkFileError";

  /** @param message Says what to do about it. */
  constructor(
    readonly kind: "network-missing" | "unusable-network",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
