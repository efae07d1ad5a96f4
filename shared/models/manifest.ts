import { z } from "zod";

const name = z.string().min(1);
const side = z.int().positive();

/** How many channels an image has in each order of a network's planes. */
export const CHANNELS = { RGB: 3, BGR: 3, GRAY: 1 } as const;

/** How many planes an input has: of "PLANES", which are no colours, as many as there are means. */
export function planeCount(
  { channelOrder, mean }: { readonly channelOrder: ChannelOrder; readonly mean: readonly number[] },
): number {
  return channelOrder === "PLANES" ? mean.length : CHANNELS[channelOrder];
}

/** The order of a network's planes. */
export type ChannelOrder = keyof typeof CHANNELS | "PLANES";

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
const statedInputSchema = inputFields.partial();

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
});

/** What has to be known of a network beside its file. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A part of how an image becomes the network's input. */
export type StatedInput = Readonly<Partial<Omit<ManifestInput, "mean" | "std">>> & {
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
};

/** How an image becomes the network's input. */
export type ManifestInput = Manifest["input"];

/**
 * Checks a manifest read from JSON.
 *
 * @param source Where it was read, for the message.
 * @throws {SyntaxError} If it is not one; every fault as "path: expected X, received Y".
 */
export function parseManifest(value: unknown, source: string): Manifest {
  return parse(manifestSchema, value, `Cannot read the manifest ${source}`);
}

/**
 * Checks what a user's own manifest says of the input; any part of it.
 *
 * @throws {SyntaxError} As {@linkcode parseManifest} does.
 */
export function parseStatedInput(value: unknown, source: string): StatedInput {
  return parse(
    z.object({ input: statedInputSchema }),
    { input: value },
    `Cannot read the manifest ${source}`,
  ).input;
}

/**
 * Parses `value` with a schema.
 *
 * @throws {SyntaxError} "<action>: path: expected X, received Y; ..."
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, action: string): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap(flatten).map(describe);
  throw new SyntaxError(`${action}: ${faults.join("; ")}`);
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".") || "(whole)";
  if (issue.code === "unrecognized_keys") {
    return `${path}: expected no field ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
  }
  const text = issue.message.replace(/^[A-Z][\w ]*: /, "");
  return `${path}: ${text}${text.includes("received ") ? "" : `, received ${brief(issue.input)}`}`;
}

/** A union fails with the faults of each member; those of the member that got furthest say most. */
function flatten(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const fewest = issue.errors.toSorted((a, b) => a.length - b.length)[0];
  return fewest.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
