import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const read = (env: Record<string, string>) => readConfig((name) => env[name]);

test("readConfig() has a default for everything", () => {
  const config = read({ FANOUT_LANES: "" });
  expect(config.FANOUT_LANES).toBe(1);
  expect(config.FANOUT_SECRET).toBeUndefined();
  expect(config.FANOUT_URL).toBeUndefined();
});

test("readConfig() reads a list of origins", () => {
  expect(
    read({
      FANOUT_SECRET: "0123456789abcdef",
      FANOUT_URL: "http://a.example:8001/, https://b.example",
    }).FANOUT_URL,
  ).toEqual([
    "http://a.example:8001",
    "https://b.example",
  ]);
});

test("readConfig() refuses half of a fan-out", () => {
  const message = /is set without .*, expected both or none/;
  expect(() => read({ FANOUT_URL: "http://a.example" })).toThrow(message);
  expect(() => read({ FANOUT_SECRET: "0123456789abcdef" })).toThrow(message);
});

test("readConfig() names every variable that is wrong, and never the secret", () => {
  const env = {
    MAX_PIXELS: "many",
    MAX_JOBS: "0",
    FANOUT_URL: "ftp://a.example",
    FANOUT_SECRET: "hunter2",
    BACKEND: "cuda",
  };
  const message = (() => {
    try {
      read(env);
    } catch (error) {
      return (error as Error).message;
    }
  })()!;
  for (const name of Object.keys(env)) expect(message).toContain(name);
  expect(message).toContain('MAX_PIXELS is "many": expected a whole number of 1 or more');
  expect(message).toContain('MAX_JOBS is "0": expected a whole number of 1 or more');
  expect(message).not.toContain("hunter2");
  expect(message).not.toContain("\n");
});
