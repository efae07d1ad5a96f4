import configuration from "../../deno.json" with { type: "json" };

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The whole help text. */
  help(): Promise<string>;
  /**
   * @throws {UsageError} If the arguments are wrong.
   * @throws {Error} If it fails; the message is shown as it is.
   */
  run(args: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Version of Convscope. */
export const version: string = configuration.version;
