import { UsageError } from "./exit_code.ts";

/** An option that has no effect beside another, or without it. */
export interface IdleOption {
  readonly option: string;
  /** It needs this option to be given. */
  readonly needs?: string;
  /** It has no effect where this option is given. */
  readonly beside?: string;
}

/**
 * Refuses what would be ignored without a word.
 *
 * @param args The command line, parsed before.
 * @throws {UsageError} If an option of the rules is given where it has no effect.
 */
export function refuseIdleOptions(args: readonly string[], rules: readonly IdleOption[]): void {
  const given = new Set(args.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []));
  for (const { option, needs, beside } of rules) {
    if (!given.has(option)) continue;
    if (needs !== undefined && !given.has(needs)) {
      throw new UsageError(`Cannot use --${option}: it has no effect without --${needs}`);
    }
    if (beside !== undefined && given.has(beside)) {
      throw new UsageError(`Cannot use --${option}: it has no effect beside --${beside}`);
    }
  }
}
