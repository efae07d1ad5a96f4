/** The image cannot be built by the tests: what it runs and copies has to be there at least. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import deno from "../deno.json" with { type: "json" };
import { readConfig } from "../functions/config.ts";

const ROOT = new URL("../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
const dockerfile = await read("docs/docker/Dockerfile");
const compose = await read("docs/docker/compose.yaml");

/** The tasks that a text runs, in shell or as a list. */
const tasksOf = (text: string) =>
  [...text.matchAll(/"?\bdeno"?,?\s+"?task"?,?\s+"?([\w:]+)/g)].map(([, name]) => name);

test("each task of the image and of compose exists", () => {
  expect(tasksOf(dockerfile)).toEqual(["build", "start"]);
  expect(tasksOf(compose).toSorted()).toEqual(["figures:queue", "worker"]);
  for (const name of tasksOf(dockerfile + compose)) expect(deno.tasks).toHaveProperty([name]);
});

test("it is installed and built as on Deno Deploy, from the lock file", () => {
  const commands = [...dockerfile.matchAll(/^RUN (.*)$/gm)].map(([, command]) => command);
  expect(commands).toEqual([`${deno.deploy.install} --frozen`, deno.deploy.build]);
  expect(existsSync(new URL("deno.lock", ROOT))).toBe(true);
});

test("what files name is where they say", () => {
  const [, path] = /dockerfile: (\S+)/.exec(compose)!;
  expect(existsSync(new URL(path, ROOT))).toBe(true);
  const [, context] = /context: (\S+)/.exec(compose)!;
  const root = fileURLToPath(new URL(`${context}/`, new URL("docs/docker/", ROOT)));
  expect(root).toBe(fileURLToPath(ROOT));
  const [, workdir] = /^WORKDIR (\S+)$/m.exec(dockerfile)!;
  const [, gallery] = /gallery:(\S+)/.exec(compose)!;
  expect(gallery.startsWith(`${workdir}/`)).toBe(true);
  expect(existsSync(new URL(gallery.slice(workdir.length + 1), ROOT))).toBe(true);
});

test("ports agree, and a container is waited for longer than the server takes to stop", () => {
  const [, port] = /PORT=(\d+)/.exec(dockerfile)!;
  expect(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]).toBe(port);
  expect(compose).toContain(`"${port}:${port}"`);
  expect(compose).toContain(`127.0.0.1:${port}/healthz`);
  const [, grace] = /stop_grace_period: (\d+)s/.exec(compose)!;
  expect(Number(grace)).toBeGreaterThan(readConfig(() => undefined).STOP_SECONDS + 2);
});
