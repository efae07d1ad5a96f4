import type { WorkbenchState } from "./address.ts";

/** What makes a result again elsewhere. */
export interface CommandState extends Omit<WorkbenchState, "sample"> {
  /** File name of the image; undefined for a method that takes none. */
  readonly image?: string;
}

/** A text as one word of a shell. */
const quoted = (text: string): string =>
  /^[\w./:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const entriesOf = ({ network, target, options }: CommandState): [name: string, value: string][] => [
  ["model", network],
  ...target === "" ? [] : [["target", target] as [string, string]],
  ...Object.entries(options),
];

/** The command line that makes the same result. */
export function commandOf(state: CommandState): string {
  const options = entriesOf(state).flatMap(([name, value]) => [`--${name}`, quoted(value)]);
  const image = state.image === undefined ? [] : ["--image", quoted(state.image)];
  return ["deno task cli", state.method, ...image, ...options].join(" ");
}

/** The request that makes the same result. */
export function curlOf(state: CommandState, origin: string): string {
  const fields = entriesOf(state).map(([name, value]) =>
    `--form-string ${quoted(`${name}=${value}`)}`
  );
  const image = state.image === undefined ? [] : [`-F ${quoted(`image=@${state.image}`)}`];
  return ["curl", ...image, ...fields, quoted(`${origin}/api/${state.method}`)].join(" ");
}
