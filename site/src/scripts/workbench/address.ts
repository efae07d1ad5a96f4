/** What the workbench shows, as its address says it. An upload is never part of it. */
export interface WorkbenchState {
  readonly network: string;
  readonly method: string;
  readonly target: string;
  readonly sample: string;
  /** The options that differ from their defaults. */
  readonly options: Readonly<Record<string, string>>;
}

/** Parameters that are no options of a method. */
const OWN = ["network", "method", "target", "sample"] as const;

/** The state as a query; what is empty is left out. */
export function queryOf({ options, ...own }: WorkbenchState): string {
  const query = new URLSearchParams();
  for (const name of OWN) if (own[name] !== "") query.set(name, own[name]);
  for (const [name, value] of Object.entries(options)) query.set(name, value);
  return query.size === 0 ? "" : `?${query}`;
}

/** The state that a query says; what it leaves out is empty. */
export function stateOf(search: string): WorkbenchState {
  const { network = "", method = "", target = "", sample = "", ...options } = Object.fromEntries(
    new URLSearchParams(search),
  );
  return { network, method, target, sample, options };
}
