/** A file could not be fetched; the message says what to do. */
export class FetchError extends Error {
  override readonly name = "FetchError";

  /** @param status Of the answer, where there is one. */
  constructor(message: string, options?: ErrorOptions, readonly status?: number) {
    super(message, options);
  }
}

/** What a refusal means on the hub, and what helps. */
const ADVICE: Readonly<Record<number, string>> = {
  401: "the hub wants a login, or has no such repository (it does not say which); " +
    "check the name, or set HF_TOKEN to an access token",
  403: "access has to be granted; open the repository's page, accept its terms, " +
    "and set HF_TOKEN to an access token",
  404: "there is no such file; check the repository, the file and the revision",
  429: "too many requests; wait a few minutes and run this again, it goes on where it stopped",
};

const SERVER_TROUBLE = "the hub has trouble; run this again later, it goes on where it stopped";

/** The error for an answer that is not a file. */
export function refusal(url: string, status: number): FetchError {
  const advice = ADVICE[status] ??
    (status >= 500 ? SERVER_TROUBLE : "this is not an answer of a hub; check HF_ENDPOINT");
  return new FetchError(`Cannot fetch ${url}: the answer is ${status}; ${advice}`, {}, status);
}
