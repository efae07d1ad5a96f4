import { expect, test } from "vitest";
import { optionFields } from "../contract/option_fields.ts";
import { parseOptions } from "../contract/parse_options.ts";
import { loadTechnique, techniques } from "./registry.ts";

test("ids are in kebab-case and each there once", () => {
  const ids = techniques.map(({ id }) => id);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(techniques.map(({ id }) => id))("%s keeps the contract of a technique", async (id) => {
  const technique = await loadTechnique(id);
  expect(technique.id).toBe(id);
  expect(technique.title).not.toBe("");
  expect(technique.summary).toMatch(/^[A-Z].*\.$/);
  expect(technique.paper.year).toBeGreaterThan(1980);
  expect(new URL(technique.paper.url).protocol).toBe("https:");
  for (const field of optionFields(technique.options)) {
    expect(field.description, field.name).toMatch(/^[A-Z].*\.$/);
    expect(field.required, `${field.name} has a default or may stay away`).toBe(false);
  }
  expect(parseOptions(technique.options, {})).toBeDefined();
});

test("loadTechnique() names the techniques there are", async () => {
  const all = techniques.map(({ id }) => `"${id}"`).join(", ");
  await expect(loadTechnique("oclusion")).rejects.toThrow(
    `Cannot find the technique "oclusion": there are ${all}`,
  );
});
