import { z } from "zod";

/** A kind of value an option can take. */
export type ValueKind =
  | { readonly type: "integer" | "number"; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  | { readonly type: "text" }
  | { readonly type: "flag" };

/** One option as a person sees it: in help, in a form, in a message. */
export interface OptionField {
  readonly name: string;
  readonly description: string;
  readonly unit?: string;
  /** Undefined where the option has to be given or may stay away. */
  readonly defaultValue?: string | number | boolean;
  readonly required: boolean;
  /** Its value is one of these kinds. */
  readonly kinds: readonly ValueKind[];
}

/** The parts of JSON Schema that options are made of. */
interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: string | number | boolean;
}

/**
 * The options of a zod object, in its order.
 *
 * @throws {TypeError} If a field is of a kind that no text can give, such as a list.
 */
export function optionFields(options: z.ZodObject): OptionField[] {
  const { properties = {}, required = [] } = z.toJSONSchema(options, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const schema = property as Schema;
    return {
      name,
      description: schema.description ?? "",
      unit: schema.unit,
      defaultValue: schema.default,
      required: required.includes(name),
      kinds: kindsOf(name, schema),
    };
  });
}

/** "an integer from 1 to 32 pixels", "zero, mean or a number". */
export function expectation({ kinds, unit }: OptionField): string {
  const text = kinds.map(describeKind).join(" or ");
  return unit ? `${text} (${unit})` : text;
}

const KINDS: Readonly<Record<string, (schema: Schema) => ValueKind>> = {
  integer: (schema) => ({ type: "integer", ...bounds(schema) }),
  number: (schema) => ({ type: "number", ...bounds(schema) }),
  boolean: () => ({ type: "flag" }),
  string: (schema) => {
    const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
    return choices ? { type: "choice", choices } : { type: "text" };
  },
};

function kindsOf(name: string, schema: Schema): ValueKind[] {
  if (schema.anyOf) return schema.anyOf.flatMap((part) => kindsOf(name, part));
  const make = KINDS[schema.type ?? ""];
  if (!make) {
    throw new TypeError(
      `Cannot read the option "${name}" from text: it is of type ${schema.type}, ` +
        `expected ${Object.keys(KINDS).join(", ")}`,
    );
  }
  return [make(schema)];
}

/** The range, without the bounds that only say "a safe integer". */
function bounds({ minimum, maximum }: Schema) {
  return {
    ...minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER && { minimum },
    ...maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && { maximum },
  };
}

function describeKind(kind: ValueKind): string {
  if (kind.type === "choice") return kind.choices.join(", ");
  if (kind.type === "text") return "text";
  if (kind.type === "flag") return "true or false";
  const { minimum, maximum } = kind;
  const noun = kind.type === "integer" ? "an integer" : "a number";
  if (minimum !== undefined && maximum !== undefined) {
    return `${noun} from ${minimum} to ${maximum}`;
  }
  if (minimum !== undefined) return `${noun} of ${minimum} or more`;
  return maximum !== undefined ? `${noun} of ${maximum} or less` : noun;
}
