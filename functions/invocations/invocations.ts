import {
  type CallOptions,
  type Executor,
  type KernelCall,
  type Lane,
  LaneBusyError,
  localLane,
} from "../../shared/compute/mod.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import type { Network } from "../../shared/network/network.ts";
import { unlessAborted } from "../../shared/unless_aborted.ts";
import {
  DECLINED_HEADER,
  decodeEnvelope,
  encodeEnvelope,
  type Invocation,
  invocationPath,
} from "./invocation.ts";
import { SIGNATURE_HEADER, type Signer } from "./signature.ts";

export interface InvocationsOptions {
  readonly network: Network;
  /** Of the network's file. */
  readonly sha256: string;
  /** Origins that take invocations. */
  readonly origins: readonly string[];
  /** Invocations at once for each origin. */
  readonly lanes: number;
  /** Time-out of one, in milliseconds. */
  readonly timeoutMs: number;
  readonly signer: Signer;
  /** Aborted when this server stops and has closed its port, to itself too. */
  readonly stopping: AbortSignal;
  readonly onFailure: (origin: string, error: unknown) => void;
}

/** An answer is at most this much longer than the values that it holds, in bytes. */
const OVERHEAD = 64 * 2 ** 10;

/** Of one result at most. */
const RESULT_BYTES = 16 * 2 ** 20;

/**
 * Has kernels applied by this isolate and, through signed requests, by others: those behind this
 * server's own port, or of other machines.
 */
export class Invocations implements Executor<Network> {
  readonly #options: InvocationsOptions;
  // Each request gets a connection of its own, so that the kernel of the system spreads them over
  // the isolates that listen at one port.
  readonly #http: Deno.HttpClient = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

  constructor(options: InvocationsOptions) {
    this.#options = options;
  }

  lanes(call: KernelCall<Network>): readonly Lane[] {
    const { network, origins, lanes } = this.#options;
    if (call.kernel.isLong) return [localLane(network, call)];
    const shared = encodeEnvelope({ shared: call.shared });
    const digest = sha256(shared);
    const others = origins.flatMap((origin) =>
      Array.from({ length: lanes }, () => this.#lane(origin, call, digest))
    );
    return [localLane(network, call), ...others];
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  #lane(origin: string, { kernel, shared }: KernelCall<Network>, digest: Promise<string>): Lane {
    const { network, sha256, stopping, onFailure } = this.#options;
    const url = `${origin}${invocationPath(kernel.id)}`;
    return {
      depth: 1,
      isExpendable: true,
      onFailure: (error) => onFailure(origin, error),
      run: async (items, { signal }) => {
        if (stopping.aborted) throw new LaneBusyError("This server stops");
        const invocation = { network: network.id, sha256, shared: await digest, items };
        const results = await this.#post(url, invocation, { signal }) ??
          await this.#post(url, { ...invocation, value: { shared } }, { signal });
        const areGood = Array.isArray(results) && results.length === items.length &&
          results.every((result, i) => kernel.isResult(result, shared, items[i]));
        if (!areGood) throw new Error(`Cannot use ${url}: what it answers is no result`);
        return results as unknown[];
      },
    };
  }

  /** The results; undefined if the isolate has to be sent the shared value. */
  async #post(url: string, invocation: Invocation, { signal }: CallOptions): Promise<unknown> {
    const { signer, timeoutMs } = this.#options;
    const body = encodeEnvelope(invocation);
    const timeout = AbortSignal.timeout(timeoutMs);
    const ends = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/octet-stream",
        [SIGNATURE_HEADER]: await signer.sign(body),
      },
      body,
      signal: ends,
      redirect: "error",
      client: this.#http,
    });
    const declined = response.headers.get(DECLINED_HEADER);
    if (declined !== null) await response.body?.cancel();
    if (declined === "unknown" && invocation.value === undefined) return undefined;
    if (declined === "busy") throw new LaneBusyError(`${url} is busy`);
    const most = OVERHEAD + invocation.items.length * RESULT_BYTES;
    const answer = await unlessAborted(
      readLimited(response, response.ok ? most : OVERHEAD),
      ends,
    );
    if (!response.ok) {
      const text = new TextDecoder().decode(answer).slice(0, 500);
      throw new Error(`Cannot use ${url}: it answers ${response.status} (${text})`);
    }
    return decodeEnvelope(answer);
  }
}

/**
 * The body of a response, and no more of it than is allowed.
 *
 * @throws {Error} If it is longer than `most` bytes.
 */
export async function readLimited(response: Response, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) {
      throw new Error(`Cannot read the answer of ${response.url}: it is longer than ${most} bytes`);
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
