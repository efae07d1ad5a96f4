/** Says what cannot be written and why, in the place of what the system says. */
export function cannotWrite(path: string, cause: unknown): Error {
  const reason =
    cause instanceof Deno.errors.NotCapable || cause instanceof Deno.errors.PermissionDenied
      ? "it may not be written"
      : cause instanceof Deno.errors.AlreadyExists
      ? "there is a file of that name, expected a folder"
      : cause instanceof Deno.errors.IsADirectory
      ? "it is a folder, expected a file"
      : cause instanceof Error
      ? cause.message
      : String(cause);
  return new Error(`Cannot write ${path}: ${reason}`, { cause });
}
