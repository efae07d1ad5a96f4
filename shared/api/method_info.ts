/** A method of the registry, as `GET /api/methods` lists it. */
export interface MethodInfo {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly paper: {
    readonly title: string;
    readonly authors: string;
    readonly venue: string;
    readonly year: number;
    readonly url: string;
  };
  /** Which inputs it looks at, and whether each has to be there. */
  readonly takes: Readonly<
    Partial<Record<"image" | "guide" | "corpus", "required" | "optional">>
  >;
  /** JSON Schema of the options; descriptions, units and defaults included. */
  readonly options: Readonly<Record<string, unknown>>;
}
