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
