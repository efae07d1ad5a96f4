import { parseArgs } from "node:util";
import type { z } from "zod";
import { nearNames } from "../../shared/models/near_names.ts";
import { type OptionField, optionFields } from "../../shared/contract/option_fields.ts";
import { OptionError, parseOptions } from "../../shared/contract/parse_options.ts";
import { FEED_SEPARATOR } from "./common_options.ts";
import { UsageError } from "./exit_code.ts";

/**
 * The options of `args` by the schemas, each schema's own.
 *
 * @throws {UsageError} If an option is unknown, missing, given twice or of a wrong value, or there
 * is an unexpected argument.
 */
export function parseCommandLine<Schemas extends readonly z.ZodObject[]>(
  args: readonly string[],
  ...schemas: Schemas
): { [Index in keyof Schemas]: z.infer<Schemas[Index]> } {
  const fields = schemas.map(optionFields);
  const known = new Map(fields.flat().map((field) => [field.name, field]));
  const { tokens } = parseArgs({
    args: joinNegativeNumbers(args),
    options: Object.fromEntries([...known].map(([name, { kinds }]) => [
      name,
      { type: kinds[0].type === "flag" ? "boolean" : "string" } as const,
    ])),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const texts = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new UsageError(`Unexpected argument "${token.value}"`);
    }
    if (token.kind === "option-terminator") continue;
    const { rawName } = token;
    const isNegated = !known.has(token.name) && isFlag(known.get(token.name.replace(/^no-/, "")));
    const name = isNegated ? token.name.replace(/^no-/, "") : token.name;
    const value = isNegated ? "false" : token.value;
    const field = known.get(name);
    if (!field) {
      const near = nearNames(name, known.keys(), 3).map((other) => `--${other}`).join(", ");
      throw new UsageError(`Cannot use ${rawName}: there is no such option, did you mean ${near}`);
    }
    const before = texts.get(name);
    if (before !== undefined && REPEATED.has(name) && value !== undefined) {
      texts.set(name, `${before}${FEED_SEPARATOR}${value}`);
      continue;
    }
    if (before !== undefined) throw new UsageError(`Cannot use ${rawName}: it is given twice`);
    if (value === undefined && field.kinds[0].type !== "flag") {
      throw new UsageError(`Cannot use ${rawName}: its value is missing`);
    }
    texts.set(name, value ?? "true");
  }
  const parsed = schemas.map((schema, i) => {
    const own = fields[i].flatMap(({ name }) => {
      const text = texts.get(name);
      return text === undefined ? [] : [[name, text]];
    });
    try {
      return parseOptions(schema, Object.fromEntries(own));
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      throw new UsageError(
        error.message.replace(`the option "${error.option}"`, `--${error.option}`),
      );
    }
  });
  return parsed as { [Index in keyof Schemas]: z.infer<Schemas[Index]> };
}

/** Options that may be given several times. */
const REPEATED: ReadonlySet<string> = new Set(["feed"]);

const isFlag = (field?: OptionField) => field?.kinds[0].type === "flag";

/** `--fill -1` as `--fill=-1`: node:util takes "-1" for an option. */
function joinNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const previous = joined.at(-1);
    if (/^-[\d.]/.test(arg) && previous?.startsWith("--") && !previous.includes("=")) {
      joined[joined.length - 1] = `${previous}=${arg}`;
    } else joined.push(arg);
  }
  return joined;
}

/**
 * All values of an option that may be given several times, and several at once, as a shell makes
 * them of `--image *.png`; and the arguments with the first of them only.
 */
export function repeatedOption(
  args: readonly string[],
  name: string,
): { readonly values: readonly string[]; readonly rest: readonly string[] } {
  const values: string[] = [];
  const rest: string[] = [];
  const flag = `--${name}`;
  let isOpen = false;
  for (const arg of args) {
    const isValue: boolean = isOpen && !arg.startsWith("--");
    isOpen = arg === flag || isValue;
    if (isValue) values.push(arg);
    else if (arg.startsWith(`${flag}=`)) values.push(arg.slice(flag.length + 1));
    else if (arg !== flag || values.length === 0) rest.push(arg);
  }
  if (values.length === 0) return { values, rest };
  return { values, rest: [...rest.filter((arg) => arg !== flag), `${flag}=${values[0]}`] };
}
