import { join } from "node:path";
import { build, endOf, holdGallery, holdNextBuild, startBuild } from "../build.ts";
import { hold, pause, type Scenario } from "../scenario.ts";

/** Milliseconds within which a build is struck: it takes some seconds to begin, and then some. */
const SPAN = 12_000;

const killedBuild: Scenario = {
  name: "killed-build",
  summary: "kill -9 of a figure build; then another",
  async run({ draw, folder, reference }) {
    const child = startBuild(folder, "--workers", `${1 + draw.below(2)}`);
    const end = endOf(child);
    await Promise.race([pause(draw.below(SPAN)), end]);
    kill(child);
    await end;
    await holdGallery(folder, reference.gallery, false);
    await holdNextBuild(folder, reference.gallery);
  },
};

const twoBuilds: Scenario = {
  name: "two-builds",
  summary: "two builds in one folder, one of them killed now and then",
  async run({ draw, folder, reference }) {
    const children = [0, 1].map(() => startBuild(folder, "--workers", "1"));
    const ends = children.map(endOf);
    if (draw.chance(0.5)) {
      await Promise.race([pause(draw.below(SPAN)), ends[0]]);
      kill(children[0]);
    }
    const { code, said } = await ends[1];
    await ends[0];
    hold(code === 0, `the second build fails: ${said}`);
    await holdGallery(folder, reference.gallery, true);
    await holdNextBuild(folder, reference.gallery);
  },
};

const damagedGallery: Scenario = {
  name: "damaged-gallery",
  summary: "figures cut off, emptied, missing or overwritten; then a build",
  async run({ draw, folder, reference }) {
    const first = await build(folder);
    hold(first.code === 0, `the build fails: ${first.said}`);
    // Bytes that are changed in place, at the same size, are for --check to find.
    const names = [...reference.gallery.keys()].sort();
    for (let i = 0; i <= draw.below(3); i++) {
      const path = join(folder, draw.pick(names));
      const bytes = await Deno.readFile(path).catch(() => undefined);
      if (bytes === undefined) continue;
      const ways: readonly (() => Promise<void>)[] = [
        () => Deno.remove(path),
        () => Deno.writeFile(path, new Uint8Array()),
        () => Deno.truncate(path, draw.below(bytes.length)),
        () => Deno.writeTextFile(path, "no figure"),
      ];
      await draw.pick(ways)();
    }
    await holdNextBuild(folder, reference.gallery);
  },
};

const fullDisk: Scenario = {
  name: "full-disk",
  summary: "a build on a disk of a few hundred kB (tmpfs); then on one with room",
  async missing() {
    const folder = await Deno.makeTempDir();
    const isThere = await mount(folder, 64);
    if (isThere) await unmount(folder);
    await Deno.remove(folder);
    return isThere ? undefined : "a tmpfs cannot be mounted here; it takes root";
  },
  async run({ draw, folder, reference }) {
    hold(await mount(folder, 8 + draw.below(400)), "the tmpfs cannot be mounted");
    try {
      const { code, said } = await build(folder);
      hold(code !== 0, "a build on a full disk says that all is well");
      hold(/^Cannot [^\n]*$/m.test(said), `no sentence says that the disk is full: ${said}`);
      await holdGallery(folder, reference.gallery, false);
      await run("mount", "-o", "remount,size=64m", folder);
      await holdNextBuild(folder, reference.gallery);
    } finally {
      await unmount(folder);
    }
  },
};

const readOnly: Scenario = {
  name: "read-only",
  summary: "a build into a folder that cannot be written (tmpfs)",
  missing: fullDisk.missing,
  async run({ folder }) {
    hold(await mount(folder, 4096), "the tmpfs cannot be mounted");
    try {
      await run("mount", "-o", "remount,ro", folder);
      const { code, said } = await build(folder);
      hold(code !== 0, "a build that cannot write says that all is well");
      hold(/^Cannot [^\n]*$/m.test(said), `no sentence says what cannot be written: ${said}`);
    } finally {
      await unmount(folder);
    }
  },
};

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  const done = await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output()
    .catch(() => undefined);
  return done?.success ?? false;
}

const mount = (folder: string, kib: number) =>
  run("mount", "-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder);

const unmount = (folder: string) => run("umount", folder);

export const builds: readonly Scenario[] = [
  killedBuild,
  twoBuilds,
  damagedGallery,
  fullDisk,
  readOnly,
];
