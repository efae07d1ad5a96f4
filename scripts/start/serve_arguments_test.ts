import { expect, test } from "vitest";
import { serveArguments } from "./serve_arguments.ts";

test("serveArguments() allows the network of itself and its workers, and no more", () => {
  const args = serveArguments({
    hostname: "127.0.0.1",
    port: 8000,
    folders: ["/models"],
    workers: ["http://127.0.0.1:8000", "https://worker.example"],
  });
  expect(args).toContain("--allow-net=127.0.0.1:8000,worker.example:443");
  expect(args.find((arg) => arg.startsWith("--allow-read="))).toMatch(/,\/models$/);
  expect(args.join(" ")).not.toMatch(/-A\b|allow-(write|run|ffi|sys|all)|allow-\w+ /);
});

test("serveArguments() allows foreign code where networks run on it, from its own folder only", () => {
  const settings = { hostname: "127.0.0.1", port: 8000, folders: [], workers: [] };
  const args = serveArguments({ ...settings, isNative: true });
  expect(args.find((arg) => arg.startsWith("--allow-ffi"))).toMatch(/^--allow-ffi=.+native$/);
});
