import type { Handler } from "hono";
import { z } from "zod";
import { sha256 } from "../../shared/models/sha256.ts";
import { evaluateTile } from "../../shared/techniques/occlusion/mod.ts";
import { ProblemError } from "../problem_error.ts";
import { readBody } from "../read_body.ts";
import type { Services } from "../services.ts";
import { decodeEnvelope, encodeEnvelope } from "../tiles/envelope.ts";
import { SIGNATURE_HEADER, type Signer } from "../tiles/signature.ts";

/** The signature says that a coordinator of ours wrote it; this says that it is of our version. */
const request = z.object({
  sha256: z.string(),
  positions: z.array(z.int().min(0)).min(1),
  plan: z.object({
    job: z.object({
      network: z.string(),
      dims: z.array(z.int().min(1)).length(4),
      window: z.int(),
      stride: z.int(),
      fill: z.union([z.enum(["zero", "mean", "grey", "blur", "noise"]), z.number()]),
      seed: z.int(),
      target: z.int().min(0),
      layer: z.object({ tensor: z.string(), channel: z.int().min(0) }).nullable(),
      measures: z.enum(["all", "logit"]),
      inference: z.enum(["full", "incremental"]),
    }),
    input: z.object({
      type: z.literal("float32"),
      dims: z.array(z.int().min(1)).length(4),
      data: z.instanceof(Float32Array),
    }),
  }),
});

/** `POST /api/occlusion/tile`: evaluates some positions for a coordinator that knows the secret. */
export function evaluateTileRoute(services: Services, signer: Signer): Handler {
  const { config, tiles, networks } = services;

  return async function evaluateTileRoute(c) {
    const verdict = await signer.check(c.req.header(SIGNATURE_HEADER));
    if ("fault" in verdict) throw forbidden(verdict.fault);
    const body = await readBody(c.req.raw, config);
    if (await sha256(body) !== verdict.digest) throw forbidden("the signature is for another body");
    const leave = tiles.enter("coordinator");
    try {
      const { sha256, plan, positions } = parse(body);
      return await networks.use(plan.job.network, async (loaded) => {
        if (loaded.sha256 !== sha256) {
          throw new ProblemError(
            "invalid-options",
            `This worker has another file of "${plan.job.network}" than the coordinator`,
          );
        }
        const { signal } = c.req.raw;
        const part = await evaluateTile(loaded.network, plan, positions, { signal });
        return c.body(encodeEnvelope(part), 200, { "Content-Type": "application/octet-stream" });
      });
    } finally {
      leave();
    }
  };
}

const forbidden = (fault: string) => new ProblemError("forbidden", `The tile is refused: ${fault}`);

function parse(body: Uint8Array): z.infer<typeof request> {
  try {
    return request.parse(decodeEnvelope(body));
  } catch (cause) {
    throw new ProblemError("bad-request", "The tile is not what this version expects", { cause });
  }
}
