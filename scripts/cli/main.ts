/**
 * The command line: `deno task cli <command> [options]`.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
 *
 * @module
 */
import { nearNames } from "../../shared/models/near_names.ts";
import { methods } from "../../shared/methods/registry.ts";
import { type Command, version } from "./command.ts";
import { describeCommand } from "./describe_command.ts";
import { exitCode, UsageError } from "./exit_code.ts";
import { layersCommand } from "./layers_command.ts";
import { methodsCommand, modelsCommand } from "./list_commands.ts";
import { methodCommand } from "./method_command.ts";

/** How each command is loaded. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ...methods.map(({ id }) => [id, () => methodCommand(id)] as const),
  ...[modelsCommand, methodsCommand, layersCommand, describeCommand].map((command) =>
    [command.name, () => Promise.resolve(command)] as const
  ),
]);

const HELP = new Set(["--help", "-h", "help"]);

/** Runs one command line and returns its exit code. */
export function main(args: readonly string[]): Promise<number> {
  const command = COMMANDS.has(args[0]) ? `${args[0]} ` : "";
  return exitCode((signal) => dispatch(args, signal), `deno task cli ${command}--help`);
}

async function dispatch([name, ...args]: readonly string[], signal: AbortSignal): Promise<void> {
  if (name === undefined) throw new UsageError("Cannot run: the command is missing");
  if (HELP.has(name)) return console.log(await overview());
  if (name === "--version") return console.log(version);
  const load = COMMANDS.get(name);
  if (!load) {
    const near = nearNames(name, COMMANDS.keys(), 3).map((other) => `"${other}"`).join(", ");
    throw new UsageError(`Cannot run "${name}": there is no such command, did you mean ${near}`);
  }
  const command = await load();
  if (args.some((arg) => HELP.has(arg))) return console.log(await command.help());
  await command.run(args, signal);
}

async function overview(): Promise<string> {
  const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "Convscope shows what a convolutional network has learned and what it looks at.",
    "Usage: cli <command> [options]; cli <command> --help tells its options.",
    ["Commands:", ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)]
      .join("\n"),
  ].join("\n\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
