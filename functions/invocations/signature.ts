import { sha256 } from "../../shared/models/sha256.ts";

/** The header that carries a signature: `t=<milliseconds>,n=<nonce>,sha256=<hexadecimal>,v1=<hexadecimal>`. */
export const SIGNATURE_HEADER = "Convscope-Signature";

/** How far a signature's time may lie from now, in milliseconds. */
export const FRESHNESS_MS = 60_000;

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
const FORM = /^t=(\d{1,15}),n=([0-9a-f]{32}),sha256=([0-9a-f]{64}),v1=([0-9a-f]{64})$/;

/** What a header says: the SHA-256 of the body it was made for, or why it does not hold. */
export type Verdict = { readonly digest: string } | { readonly fault: string };

/**
 * Signs bodies with HMAC-SHA256 over the time, a nonce and the body's SHA-256. So a header can be checked
 * before the body is read: the bodies of outsiders never get into memory.
 */
export class Signer {
  readonly #key: Promise<CryptoKey>;
  /** Codes that were good once, with the time after which they are too old in any case. */
  readonly #used = new Map<string, number>();

  constructor(secret: string) {
    const bytes = new TextEncoder().encode(secret);
    this.#key = crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign", "verify"]);
  }

  /** The value of {@linkcode SIGNATURE_HEADER} for `body`, signed at `now`. */
  async sign(body: Uint8Array<ArrayBuffer>, now: number = Date.now()): Promise<string> {
    const digest = await sha256(body);
    const nonce = crypto.getRandomValues(new Uint8Array(16)).toHex();
    const mac = await crypto.subtle.sign(HMAC, await this.#key, signed(now, nonce, digest));
    return `t=${now},n=${nonce},sha256=${digest},v1=${new Uint8Array(mac).toHex()}`;
  }

  /**
   * Checks a header, which is good once for each signer; the body must still be compared with the
   * digest. Takes equal time.
   */
  async check(header: string | null | undefined, now: number = Date.now()): Promise<Verdict> {
    const match = FORM.exec(header ?? "");
    if (!match) return { fault: `the header ${SIGNATURE_HEADER} is missing or malformed` };
    const [, time, nonce, digest, mac] = match;
    const bytes = signed(Number(time), nonce, digest);
    const holds = await crypto.subtle.verify(HMAC, await this.#key, Uint8Array.fromHex(mac), bytes);
    if (!holds) return { fault: "the signature is wrong" };
    const isFresh = Math.abs(now - Number(time)) <= FRESHNESS_MS;
    if (!isFresh) return { fault: "the signature is too old" };
    if (this.#used.has(mac)) return { fault: "the signature was used before" };
    for (const [used, expiry] of this.#used) if (expiry < now) this.#used.delete(used);
    this.#used.set(mac, Number(time) + FRESHNESS_MS);
    return { digest };
  }
}

const signed = (time: number, nonce: string, digest: string) =>
  new TextEncoder().encode(`${time}.${nonce}.${digest}`);
