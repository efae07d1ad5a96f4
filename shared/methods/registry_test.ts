import { expect, test } from "vitest";
import { optionFields } from "../contract/option_fields.ts";
import { parseOptions } from "../contract/parse_options.ts";
import { loadMethod, methods } from "./registry.ts";

test("ids are in kebab-case and each there once", () => {
  const ids = methods.map(({ id }) => id);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(methods.map(({ id }) => id))("%s keeps the contract of a method", async (id) => {
  const method = await loadMethod(id);
  expect(method.id).toBe(id);
  expect(method.title).not.toBe("");
  expect(method.summary).toMatch(/^[A-Z].*\.$/);
  expect(method.paper.year).toBeGreaterThan(1980);
  expect(new URL(method.paper.url).protocol).toBe("https:");
  for (const field of optionFields(method.options)) {
    expect(field.description, field.name).toMatch(/^[A-Z].*\.$/);
    expect(field.required, `${field.name} has a default or may stay away`).toBe(false);
  }
  expect(parseOptions(method.options, {})).toBeDefined();
});

test("loadMethod() names the methods there are", async () => {
  const all = methods.map(({ id }) => `"${id}"`).join(", ");
  await expect(loadMethod("oclusion")).rejects.toThrow(
    `Cannot find the method "oclusion": there are ${all}`,
  );
});
