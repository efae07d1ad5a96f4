import type { Handler } from "hono";
import { z } from "zod";
import { sha256 } from "../../shared/models/sha256.ts";
import { loadKernel } from "../../shared/methods/kernels.ts";
import {
  type Declined,
  DECLINED_HEADER,
  decodeEnvelope,
  encodeEnvelope,
  type Invocation,
  UNKNOWN_STATUS,
} from "../invocations/invocation.ts";
import { SIGNATURE_HEADER, type Signer } from "../invocations/signature.ts";
import { ProblemError } from "../problems.ts";
import { readBody } from "../read_body.ts";
import type { Services } from "../services.ts";
import type { Apply } from "../../shared/compute/mod.ts";
import type { Network } from "../../shared/network/network.ts";

/** The signature says that a coordinator of ours wrote it; this says that it is of our version. */
const schema: z.ZodType<Invocation> = z.object({
  network: z.string(),
  sha256: z.string(),
  shared: z.string(),
  value: z.object({ shared: z.unknown() }).optional(),
  items: z.array(z.unknown()).min(1),
});

/** `POST /api/<kernel>`: applies it to some items, for a coordinator that knows the secret. */
export function applyKernel(services: Services, signer: Signer, id: string): Handler {
  const { config, invocations, networks } = services;
  const opened = new OpenedKernels();

  return async function applyKernel(c) {
    const verdict = await signer.check(c.req.header(SIGNATURE_HEADER));
    if ("fault" in verdict) throw forbidden(verdict.fault);
    // The place is asked for before the body is read.
    const leave = invocations.tryEnter();
    if (!leave) return declined("busy", 503);
    try {
      const body = await readBody(c.req.raw, config);
      if (await sha256(body) !== verdict.digest) {
        throw forbidden("the signature is for another body");
      }
      const { network: name, shared, value, items, ...file } = parse(body);
      return await networks.use(name, async ({ network, sha256 }) => {
        if (sha256 !== file.sha256) {
          throw new ProblemError(
            "invalid-options",
            `This isolate has another file of "${name}" than the coordinator`,
          );
        }
        const { signal } = c.req.raw;
        const kernel = await loadKernel(id);
        const apply = opened.get(
          network,
          `${id} ${shared}`,
          value && (() => kernel.open(network, value.shared, {})),
        );
        if (!apply) return declined("unknown", UNKNOWN_STATUS);
        const results = await (await apply)(items, { signal });
        return c.body(encodeEnvelope(results), 200, {
          "Content-Type": "application/octet-stream",
        });
      });
    } finally {
      leave();
    }
  };
}

const declined = (why: Declined, status: number) =>
  new Response(null, { status, headers: { [DECLINED_HEADER]: why, "Cache-Control": "no-store" } });

const forbidden = (fault: string) =>
  new ProblemError("forbidden", `The invocation is refused: ${fault}`);

function parse(body: Uint8Array): Invocation {
  try {
    return schema.parse(decodeEnvelope(body));
  } catch (cause) {
    throw new ProblemError("bad-request", "The invocation is not what this version expects", {
      cause,
    });
  }
}

type Opened = Promise<Apply<unknown, unknown>>;

/** Shared values that are kept for each network, for the items that follow. */
const MOST = 4;

/** The kernels that were opened last, by what their items share. */
export class OpenedKernels {
  readonly #networks = new WeakMap<Network, Map<string, Opened>>();

  /**
   * @param key Names the kernel and what its items share.
   * @param open Opens it; absent where only one that is open will do.
   */
  get(network: Network, key: string, open?: () => Opened): Opened | undefined {
    const opened = this.#networks.get(network) ?? new Map<string, Opened>();
    this.#networks.set(network, opened);
    const found = opened.get(key) ?? open?.();
    if (!found) return undefined;
    opened.delete(key);
    opened.set(key, found);
    found.catch(() => opened.delete(key));
    const [oldest] = opened.keys();
    if (opened.size > MOST) opened.delete(oldest);
    return found;
  }
}
