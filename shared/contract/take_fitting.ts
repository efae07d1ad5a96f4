import { type FitOptions, fitOptions } from "../models/fit.ts";
import { takeOptions } from "./take_options.ts";

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
