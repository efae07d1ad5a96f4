import type { z } from "zod";
import {
  expectation,
  type OptionField,
  optionFields,
} from "../../shared/contract/option_fields.ts";

/** Columns a line of help may take. */
const WIDTH = 96;
const INDENT = " ".repeat(6);

/** A block of options: each with what it takes, its default and its sentence. */
export function optionHelp(title: string, schema: z.ZodObject): string {
  return [`${title}:`, ...optionFields(schema).map(describeField)].join("\n");
}

function describeField(field: OptionField): string {
  const { name, kinds, defaultValue, required, description } = field;
  const isFlag = kinds[0].type === "flag";
  const fallback = required
    ? "required"
    : defaultValue === undefined || isFlag
    ? undefined
    : `default ${defaultValue}`;
  const value = isFlag ? "" : ` <${expectation(field)}>`;
  const isOn = isFlag && defaultValue === true;
  const shown = isOn ? `--${name}, --no-${name} turns it off` : `--${name}`;
  const head = `  ${shown}${value}${fallback ? `, ${fallback}` : ""}`;
  return [head, ...wrap(description, WIDTH - INDENT.length).map((line) => INDENT + line)].join(
    "\n",
  );
}

/** `text` in lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
