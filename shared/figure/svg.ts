/** Markup that is already written. */
export interface Markup {
  readonly markup: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Also leaves out what XML does not allow: control characters and halves of surrogate pairs. */
function escape(text: string): string {
  return text
    .toWellFormed()
    // deno-lint-ignore no-control-regex -- they are what is left out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** One element; texts are escaped, numbers rounded to hundredths. */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly (string | Markup)[]
): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(typeof value === "number" ? round(value) : value!)}"`)
    .join("");
  const inner = children
    .map((child) => typeof child === "string" ? escape(child) : child.markup)
    .join("");
  return {
    markup: inner === "" ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`,
  };
}

const round = (value: number) => `${Math.round(value * 100) / 100}`;
