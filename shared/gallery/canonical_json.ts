import { InputError } from "../errors.ts";
import type { Json } from "../contract/method.ts";

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
