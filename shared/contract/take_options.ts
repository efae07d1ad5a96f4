import type { z } from "zod";
import { parseOptions } from "./parse_options.ts";
import { type FitOptions, fitOptions } from "../models/fit.ts";

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
