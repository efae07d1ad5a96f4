import { z } from "zod";
import { manifestSchema, statedInputSchema } from "./manifest_schema.ts";
import type { ChannelOrder } from "./planes.ts";

export * from "./planes.ts";

/** How an image of another size or shape becomes one of the input's. */
export type ManifestResize =
  /** The short side is resized to this, then the centre is cut out. */
  | { readonly shortSide: number; readonly filter: "bilinear" }
  /** The whole image is shown, on the colour that is zero. */
  | { readonly pad: true; readonly filter: "bilinear" }
  /** Both sides are resized to the input's, whatever the shape. */
  | { readonly stretch: true; readonly filter: "bilinear" };

/** How an image becomes the network's input. */
export interface ManifestInput {
  /** The graph's input; by default its only one. */
  readonly name?: string;
  /** Order of the file's own axes. Absent: found in the graph. */
  readonly layout?: "nchw" | "nhwc";
  readonly height: number;
  readonly width: number;
  readonly resize: ManifestResize;
  /** Order of the network's planes; PLANES: others, however many, shown by the first three. */
  readonly channelOrder: ChannelOrder;
  /** Fed is (level * scale - mean) / std for levels of 0..255. */
  readonly scale: number;
  /** One a plane, in the network's order. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** What has to be known of a network beside its file. */
export interface Manifest {
  readonly id: string;
  readonly title: string;
  readonly source:
    | {
      readonly hub: {
        readonly repository: string;
        readonly file: string;
        readonly revision: string;
        /** False: only a mirror has it, not the public hub. @default true */
        readonly public?: boolean;
      };
    }
    /** Relative to the manifest. */
    | { readonly path: string };
  /** 64 hexadecimal digits. Null: not known here; recorded when the file is first fetched. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly licence: { readonly name: string; readonly url: string | null };
  readonly homepage: string | null;
  /** Where the weights come from and what was done to them. */
  readonly provenance: string;
  readonly input: ManifestInput;
  /** Names of tensors. Absent: the scores are found in the graph. */
  readonly outputs?: {
    readonly logits?: string;
    readonly probabilities?: string;
    readonly features?: string;
    /** The tensor of the scores, whether before or behind the softmax. */
    readonly scores?: string;
    /**
     * What makes probabilities of the logits; none where they are probabilities. Absent: what the
     * graph makes of them, else a softmax.
     */
    readonly link?: "softmax" | "sigmoid" | "none";
  };
  readonly labels?: {
    /** Relative to the folder of labels, or to a manifest beside a network. */
    readonly file: string;
    /** Output index of the file's first label. */
    readonly offset: number;
  };
  /** From input to output. Absent: every feature map of the graph. */
  readonly layers?: readonly { readonly alias: string; readonly tensor: string }[];
  /** The tensor that a method takes for the layer "auto", as published. Absent: a middle one. */
  readonly autoLayers?: { readonly "deep-dream"?: string };
}

/** A part of how an image becomes the network's input. */
export type StatedInput = Readonly<Partial<Omit<ManifestInput, "mean" | "std">>> & {
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
};

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
