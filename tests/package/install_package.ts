import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The name that the package is published under. */
export const PACKAGE = "@convscope/convscope";

/** What types of dependencies refer to; npm would put it beside them. */
const TYPES_OF_NODE = ["@types/node", ".deno/node_modules/@types/node"];

/** Packs the library as `deno task pack` does, and returns the path of the tarball. */
export async function packLibrary(folder: string): Promise<string> {
  const tarball = join(folder, "convscope.tgz");
  await runIn(ROOT, Deno.execPath(), [
    ...["pack", "--quiet", "--allow-dirty", "--no-source-maps", "-o", tarball],
  ]);
  return tarball;
}

/**
 * Installs the tarball into an empty project: with the dependencies that it declares, taken from
 * those that this project has installed, and with no other.
 */
export async function installPackage(tarball: string, project: string): Promise<void> {
  const target = join(project, "node_modules", PACKAGE);
  await Deno.mkdir(target, { recursive: true });
  await runIn(target, "tar", ["-xzf", tarball, "--strip-components=1"]);
  const { dependencies } = JSON.parse(await Deno.readTextFile(join(target, "package.json")));
  const installed = Object.keys(dependencies).map((name) => [name, name]);
  for (const [name, path] of [...installed, TYPES_OF_NODE]) {
    const link = join(project, "node_modules", name);
    await Deno.mkdir(join(link, ".."), { recursive: true });
    await Deno.symlink(await Deno.realPath(join(ROOT, "node_modules", path)), link);
  }
  await Deno.writeTextFile(
    join(project, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies: { [PACKAGE]: "*" } }),
  );
}

/** Runs a program to its end. @throws {Error} If it fails, with what it said. */
export async function runIn(
  cwd: string,
  program: string,
  args: readonly string[],
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`${program} ${args.join(" ")} failed:\n${said}${out}`);
  return out;
}
