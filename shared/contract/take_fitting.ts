import { type FitOptions, fitOptions } from "../models/fit.ts";
import { parseOptions } from "./parse_options.ts";

/**
 * Takes what is said of the fit out of a form.
 *
 * @throws {OptionError} If it is not valid.
 */
export function takeFitting(
  fields: Readonly<Record<string, string>>,
): [fitting: FitOptions, others: Record<string, string>] {
  const isFit = ([name]: [string, string]) => name in fitOptions.shape;
  const all = Object.entries(fields);
  const others = Object.fromEntries(all.filter((field) => !isFit(field)));
  return [parseOptions(fitOptions, Object.fromEntries(all.filter(isFit))), others];
}
