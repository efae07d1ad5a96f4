import type { z } from "zod";
import { InputError } from "../errors.ts";
import { nearNames } from "../models/near_names.ts";
import { expectation, type OptionField, optionFields, type ValueKind } from "./option_fields.ts";
import { type FitOptions, fitOptions } from "../models/fit.ts";

/** A value that is not one of those an option takes. */
export class OptionError extends InputError {
  override readonly name = "OptionError";

  /** @param option Name of the option. */
  constructor(readonly option: string, message: string) {
    super(`Cannot use the option "${option}": ${message}`);
  }
}

/** Reads a text as one kind of value; undefined if it is none. */
const READERS: {
  readonly [Type in ValueKind["type"]]: (
    text: string,
    kind: Extract<ValueKind, { readonly type: Type }>,
  ) => unknown;
} = {
  integer: readNumber,
  number: readNumber,
  choice: (text, { choices }) =>
    choices.find((choice) => choice.toLowerCase() === text.toLowerCase()),
  text: (text) => text,
  flag: (text) => ({ true: true, false: false })[text.toLowerCase()],
};

/**
 * Options from texts, as a command line or a form gives them; what is not given takes its default.
 *
 * @throws {OptionError} If an option is unknown or missing, or its value is not one it takes.
 */
export function parseOptions<Options>(
  schema: z.ZodObject & z.ZodType<Options>,
  texts: Readonly<Record<string, string>>,
): Options {
  const fields = optionFields(schema);
  for (const name of Object.keys(texts)) {
    if (fields.some((field) => field.name === name)) continue;
    const near = nearNames(name, fields.map((field) => field.name), 3);
    throw new OptionError(name, `there is none of that name; did you mean ${near.join(", ")}`);
  }
  const values = fields.flatMap((field) => {
    const text = texts[field.name];
    if (text !== undefined) return [[field.name, readValue(field, text)]];
    if (!field.required) return [];
    throw new OptionError(field.name, `it is missing, expected ${expectation(field)}`);
  });
  const result = schema.safeParse(Object.fromEntries(values));
  if (result.success) return result.data as Options;
  const [{ path, message }] = result.error.issues;
  const name = path.join(".");
  const field = fields.find((known) => known.name === name);
  const isText = field?.kinds.every(({ type }) => type === "text") ?? true;
  const valid = isText && texts[name] !== "" ? message : `expected ${expectation(field!)}`;
  throw new OptionError(name, `it is "${texts[name]}", ${valid}`);
}

function readValue(field: OptionField, text: string): unknown {
  for (const kind of field.kinds) {
    const value = read(kind, text.trim());
    if (value !== undefined) return value;
  }
  throw new OptionError(field.name, `it is "${text}", expected ${expectation(field)}`);
}

const read = <Type extends ValueKind["type"]>(
  kind: Extract<ValueKind, { readonly type: Type }>,
  text: string,
) => READERS[kind.type as Type](text, kind);

function readNumber(text: string): number | undefined {
  const value = Number(text);
  return text === "" || !Number.isFinite(value) ? undefined : value;
}

/**
 * Takes the options of a schema out of a form.
 *
 * @throws {OptionError} If one is not valid.
 */
export function takeOptions<Options>(
  schema: z.ZodObject & z.ZodType<Options>,
  fields: Readonly<Record<string, string>>,
): [options: Options, others: Record<string, string>] {
  const isOne = ([name]: [string, string]) => Object.hasOwn(schema.shape, name);
  const all = Object.entries(fields);
  const others = Object.fromEntries(all.filter((field) => !isOne(field)));
  return [parseOptions(schema, Object.fromEntries(all.filter(isOne))), others];
}

/**
 * Takes what is said of the fit out of a form.
 *
 * @throws {OptionError} If it is not valid.
 */
export function takeFitting(
  fields: Readonly<Record<string, string>>,
): [fitting: FitOptions, others: Record<string, string>] {
  return takeOptions(fitOptions, fields);
}
