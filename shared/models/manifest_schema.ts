import { z } from "zod";
import type { Manifest } from "./manifest.ts";
import { planeCount } from "./planes.ts";

const name = z.string().min(1);
const side = z.int().positive();

const resizeSchema = z.union([
  z.strictObject({
    shortSide: side.describe("The short side is resized to this, then the centre is cut out"),
    filter: z.literal("bilinear"),
  }),
  z.strictObject({
    pad: z.literal(true).describe("The whole image is shown, on the colour that is zero"),
    filter: z.literal("bilinear"),
  }),
  z.strictObject({
    stretch: z.literal(true).describe("Both sides are resized to the input's, whatever the shape"),
    filter: z.literal("bilinear"),
  }),
]);

const inputFields = z.strictObject({
  name: name.optional().describe("The graph's input; by default its only one"),
  layout: z.enum(["nchw", "nhwc"]).optional()
    .describe("Order of the file's own axes. Absent: found in the graph"),
  height: side,
  width: side,
  resize: resizeSchema,
  channelOrder: z.enum(["RGB", "BGR", "GRAY", "PLANES"])
    .describe(
      "Order of the network's planes; PLANES: others, however many, shown by the first three",
    ),
  scale: z.number().refine((scale) => scale !== 0, "expected a number other than 0").describe(
    "Fed is (level * scale - mean) / std for levels of 0..255",
  ),
  mean: z.array(z.number()).describe("One a plane, in the network's order"),
  std: z.array(z.number().positive()).describe("One a plane, in the network's order"),
});

/** What somebody states of an input: all of it, or a part. */
export const statedInputSchema = inputFields.partial();

const inputSchema = inputFields.superRefine((input, context) => {
  const count = planeCount(input);
  for (const field of ["mean", "std"] as const) {
    if (input[field].length !== count) {
      context.addIssue({
        code: "custom",
        path: [field],
        message: `expected ${count} numbers for ${input.channelOrder}`,
        input: input[field],
      });
    }
  }
  const shortest = Math.min(input.height, input.width);
  if ("shortSide" in input.resize && input.resize.shortSide < shortest) {
    context.addIssue({
      code: "custom",
      path: ["resize", "shortSide"],
      message: `expected at least ${shortest}, the input's short side`,
      input: input.resize.shortSide,
    });
  }
});

const hubSchema = z.strictObject({
  repository: name,
  file: name,
  revision: name,
  public: z.boolean().optional()
    .describe("False: only a mirror has it, not the public hub. True by default"),
});

/** As a manifest is written; `Manifest` says what its fields are. */
export const manifestSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]+$/, "expected letters, digits, dots, dashes"),
  title: name,
  source: z.union([
    z.strictObject({ hub: hubSchema }),
    z.strictObject({ path: name.describe("Relative to the manifest") }),
  ]),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits").nullable()
    .describe("Null: not known here; recorded when the file is first fetched"),
  bytes: z.int().positive().nullable(),
  licence: z.strictObject({ name, url: z.url().nullable() }),
  homepage: z.url().nullable(),
  provenance: name.describe("Where the weights come from and what was done to them"),
  input: inputSchema,
  outputs: z.strictObject({
    logits: name.optional(),
    probabilities: name.optional(),
    features: name.optional(),
    scores: name.optional()
      .describe("The tensor of the scores, whether before or behind the softmax"),
    link: z.enum(["softmax", "sigmoid", "none"]).optional()
      .describe(
        "What makes probabilities of the logits; none where they are probabilities. Absent: what " +
          "the graph makes of them, else a softmax",
      ),
  }).optional().describe("Absent: the scores are found in the graph"),
  labels: z.strictObject({
    file: name.describe("Relative to the folder of labels, or to a manifest beside a network"),
    offset: z.int().nonnegative().describe("Output index of the file's first label"),
  }).optional(),
  layers: z.array(z.strictObject({ alias: name, tensor: name })).optional()
    .describe("From input to output. Absent: every feature map of the graph"),
  autoLayers: z.partialRecord(z.enum(["deep-dream"]), name).optional()
    .describe(
      'The tensor that a method takes for the layer "auto", as published. Absent: a middle one',
    ),
}) satisfies z.ZodType<Manifest>;
