import { z } from "zod";
import type { Manifest } from "../../models/manifest.ts";
import { manifestSchema } from "../../models/manifest_schema.ts";
import type { NetworkSummary } from "../../network/open/network_summary.ts";
import type { Immutable } from "./link_schemas.ts";

const shape = z.array(z.int());

/** What was settled when a network was opened, as `networkSummary` says it; here with its file. */
const describeSchema: z.ZodType<NetworkSummary & { readonly sha256: string }> = z.strictObject({
  id: z.string(),
  backend: z.string(),
  input: z.strictObject({
    name: z.string(),
    type: z.string().describe("As the file declares it."),
    declared: z.array(z.union([z.number(), z.string(), z.null()])).nullable(),
    shape: shape.describe("As it is fed: [1, C, H, W], float32."),
    batches: z.boolean().describe("Whether several images can be run at once."),
  }),
  output: z.strictObject({
    kind: z.enum([
      "logits",
      "probabilities of one class",
      "probabilities of many classes",
      "features",
      "map",
      "other",
    ]),
    tensor: z.string(),
    shape: shape.nullable(),
    probabilities: z.string().nullable(),
    link: z.enum(["softmax", "sigmoid", "none"]).nullable(),
    from: z.string().nullable(),
  }),
  labels: z.strictObject({ count: z.int().nullable(), from: z.string().nullable() }),
  preprocessing: manifestSchema.shape.input,
  origins: z.record(z.string(), z.string())
    .describe('By field of the preprocessing: who said it, or "assumed".'),
  repeatable: z.boolean().nullable()
    .describe("Whether two runs of one image give the same; null where they were not compared."),
  notes: z.array(z.string()),
  sha256: z.string(),
}).meta({ id: "NetworkSummary" });

/** A network of the catalogue, as `GET /api/models` lists it. */
export const modelInfoSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  licence: z.strictObject({ name: z.string(), url: z.string().nullable() }),
  bytes: z.int().nonnegative().nullable()
    .describe("Size of its file; null where it is not known before the first fetch."),
  available: z.boolean().describe("Whether its file is on this server."),
  fault: z.string().optional().describe("Why its file, which is there, cannot be opened."),
  input: z.strictObject({ height: z.int().nonnegative(), width: z.int().nonnegative() })
    .describe("0 where its file cannot be opened."),
  classes: z.int().nonnegative()
    .describe("How many classes it tells apart; 0 where it is no classifier."),
}).meta({ id: "Model" });

/** One network in full, `GET /api/models/<id>`. */
export const modelDetailsSchema = z.strictObject({
  ...modelInfoSchema.shape,
  labels: z.array(z.string()).describe("In the order of the scores."),
  manifest: manifestSchema
    .describe("All that has to be known of it beside its file, `GET /api/models/<id>/file`."),
  layers: z.array(z.strictObject({
    alias: z.string(),
    tensor: z.string(),
    dims: z.array(z.int()).optional(),
  })).describe(
    "From input to output; with shapes [1, C, H, W] where the network has been opened.",
  ),
  describe: describeSchema.optional()
    .describe(
      "What was settled when the network was opened, and what says so, as `cli describe --json` " +
        "prints it. Absent where its file is not there, or cannot be opened (then `fault` says why).",
    ),
}).meta({ id: "ModelDetails" });

export type ModelInfo = Immutable<z.infer<typeof modelInfoSchema>>;
export type ModelDetails =
  & Immutable<Omit<z.infer<typeof modelDetailsSchema>, "manifest" | "describe">>
  & {
    readonly manifest: Manifest;
    readonly describe?: NetworkSummary & { readonly sha256: string };
  };

/** A method of the registry, as `GET /api/methods` lists it. */
export const methodInfoSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  paper: z.strictObject({
    title: z.string(),
    authors: z.string(),
    venue: z.string(),
    year: z.int(),
    url: z.url(),
  }),
  takes: z.partialRecord(z.enum(["image", "guide", "corpus"]), z.enum(["required", "optional"]))
    .describe("Which inputs it looks at, and whether each has to be there."),
  options: z.record(z.string(), z.unknown())
    .describe("JSON Schema of the options; descriptions, units and defaults included."),
}).meta({ id: "Method" });

export type MethodInfo = Immutable<z.infer<typeof methodInfoSchema>>;
