/** The header that carries a signature: `t=<milliseconds>,v1=<hexadecimal>`. */
export const SIGNATURE_HEADER = "Convscope-Signature";

/** How far a signature's time may lie from now, in milliseconds. */
export const FRESHNESS_MS = 60_000;

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
const FORM = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/;

/** Signs and checks bodies with HMAC-SHA256 over the time and the body. */
export class Signer {
  readonly #key: Promise<CryptoKey>;

  constructor(secret: string) {
    const bytes = new TextEncoder().encode(secret);
    this.#key = crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign", "verify"]);
  }

  /** The value of {@linkcode SIGNATURE_HEADER} for `body`, signed at `now`. */
  async sign(body: Uint8Array, now: number = Date.now()): Promise<string> {
    const mac = await crypto.subtle.sign(HMAC, await this.#key, signed(now, body));
    return `t=${now},v1=${new Uint8Array(mac).toHex()}`;
  }

  /** Why the signature does not hold, or undefined if it does. The comparison takes equal time. */
  async fault(
    signature: string | null | undefined,
    body: Uint8Array,
    now: number = Date.now(),
  ): Promise<string | undefined> {
    const match = FORM.exec(signature ?? "");
    if (!match) return `the header ${SIGNATURE_HEADER} is missing or malformed`;
    const time = Number(match[1]);
    const mac = Uint8Array.fromHex(match[2]);
    const holds = await crypto.subtle.verify(HMAC, await this.#key, mac, signed(time, body));
    if (!holds) return "the signature is wrong";
    return Math.abs(now - time) > FRESHNESS_MS ? "the signature is too old" : undefined;
  }
}

function signed(time: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(`${time}.`);
  const all = new Uint8Array(prefix.length + body.length);
  all.set(prefix);
  all.set(body, prefix.length);
  return all;
}
