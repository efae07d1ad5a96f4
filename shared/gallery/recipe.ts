import { sha256 } from "../models/sha256.ts";
import type { Json } from "../contract/method.ts";
import { InputError } from "../errors.ts";

/** A file or a folder of images by name and content. */
export interface InputRef {
  /** Where the builder finds it: `samples/owl.png`, `drawings/umbrella.webp`, `scenes/500`, `images/cat.jpg`. */
  readonly name: string;
  /** Of the file, or of all files of the folder and their names. */
  readonly sha256: string;
}

/** A network by id and content. */
export interface ModelRef {
  readonly id: string;
  readonly sha256: string;
}

/** All that a figure follows from. On WASM the same recipe gives the same bytes. */
export interface Recipe {
  readonly model: ModelRef;
  readonly method: string;
  /** Of the method's code; see `VERSIONS`. */
  readonly version: number;
  /** Every option, defaults and seed included. */
  readonly options: { readonly [name: string]: Json };
  readonly inputs: {
    readonly image?: InputRef;
    readonly guide?: InputRef;
    readonly corpus?: InputRef;
  };
  /** Another network that says what it sees in the result. */
  readonly judge?: ModelRef;
}

/** Hexadecimal digits of a figure's id: at 10 million figures, two alike are 1 : 10^10 unlikely. */
const DIGITS = 20;

/** The figure's id, file name and permalink: the beginning of the SHA-256 of the recipe. */
export async function figureId(recipe: Recipe): Promise<string> {
  const text = canonicalJson(recipe as unknown as Json);
  return (await sha256(new TextEncoder().encode(text))).slice(0, DIGITS);
}

/** JSON with sorted keys and no spaces: one text for one value (RFC 8785 for finite numbers). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value as Readonly<Record<string, Json>>)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => a < b ? -1 : 1);
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new InputError(`Cannot write ${value} as JSON: expected a finite number`);
  }
  return JSON.stringify(value);
}

/** Recipes of class models in the gallery, the most recognisable first. */
export const RECIPES: readonly string[] = [
  "fourier",
  "simonyan",
  "yosinski-1",
  "yosinski-2",
  "yosinski-3",
  "yosinski-4",
];
