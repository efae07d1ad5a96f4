import { OptionError } from "../shared/contract/parse_options.ts";
import { ProblemError } from "./problem_error.ts";

/**
 * The library refuses options that do not fit the picture or the network with a RangeError that
 * begins with "Cannot": that is the client's to know, as a 422. Any other error stays what it is.
 */
export function refusal(error: unknown): unknown {
  if (!(error instanceof RangeError) || !/^Cannot .+: /.test(error.message)) return error;
  const { message } = error;
  const errors = error instanceof OptionError ? [{ path: error.option, message }] : undefined;
  return new ProblemError("invalid-options", message, { cause: error, errors });
}
