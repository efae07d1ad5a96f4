/** One benchmark of `deno task bench`. */
export interface Benchmark {
  readonly name: string;
  /** One sentence for a person. */
  readonly summary: string;
  /** Its options, as help shows them. */
  readonly help: string;
  run(args: readonly string[], signal: AbortSignal): Promise<void>;
}
