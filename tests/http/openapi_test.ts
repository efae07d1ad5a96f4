import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";
import openapiTS, { astToString } from "openapi-typescript";
import { Hono } from "hono";
import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { createServices } from "../../functions/services.ts";
import { ROUTES } from "../../shared/api/schemas/mod.ts";
import { methods } from "../../shared/methods/registry.ts";
import { checkedApp } from "./checked_app.ts";
import { noisePng } from "./requests.ts";
import { tinyCatalogue } from "./tiny_catalogue.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENV: Record<string, string> = {
  BACKEND: "wasm",
  SITE: "/nowhere",
  MAX_STEPS: "77",
  REBUILD_TOKEN: "a token of the tests",
};

const app = checkedApp(createApp(createServices(readConfig((name) => ENV[name]), tinyCatalogue())));
const ask = (path: string) => app.fetch(new Request(`http://localhost${path}`));

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
}
let text: string;
let document: Document;
beforeAll(async () => {
  text = await (await ask("/api/openapi.json")).text();
  document = JSON.parse(text);
});

test("a public validator finds nothing in the description", async () => {
  const found = await new Validator().validate(JSON.parse(text));
  expect(found.errors).toBeUndefined();
  expect(found.valid).toBe(true);
});

test("the description has all routes and methods, and no other", () => {
  const expected = [
    ...ROUTES.map(({ verb, path }) => `${verb} ${path}`),
    ...methods.map(({ id }) => `post /api/${id}`),
  ];
  const said = Object.entries(document.paths)
    .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${path}`));
  expect(said.sort()).toEqual(expected.sort());
});

test("each method says its cost, and what the server's configuration allows", () => {
  for (const { id } of methods) {
    const { "x-cost": cost, "x-limits": limits } = document.paths[`/api/${id}`].post;
    expect(cost).toMatch(/steps|passes|samples|areas/);
    expect(limits).toMatchObject({ steps: 77, jobs: 4, jobsOfOneAddress: 2, seconds: 600 });
  }
  const { "x-cost": cost } = document.paths["/api/inversion"].post;
  expect(cost).toBe("restarts x steps");
});

test("the old address leads to the new one", async () => {
  const response = await ask("/openapi.json");
  expect([response.status, response.headers.get("Location")]).toEqual([308, "/api/openapi.json"]);
});

test.each([
  ["a body of another kind", () => Response.json({ status: "no" }), /promise.*Invalid/s],
  ["a status that is not promised", () => Response.json({}, { status: 201 }), /of status 201/],
  ["another media type", () => new Response("ok"), /promises no text\/plain/],
])("the tests notice %s", async (_what, answer, message) => {
  const wrong = checkedApp(new Hono().get("/healthz", answer));
  const asked = async () =>
    await (await wrong.fetch(new Request("http://localhost/healthz"))).text();
  await expect(asked()).rejects.toThrow(message);
});

/** What somebody writes who has the generated types: it is compiled, then run. */
const PROGRAM = `
import createClient from "openapi-fetch";
import type { paths } from "./api.d.ts";

const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: Deno.args[0] });

const { data: models } = await client.GET("/api/models");
const id: string = models![0].id;

const { data: result } = await client.POST("/api/classify", {
  body: { image: "", model: id },
  bodySerializer: () => {
    const form = new FormData();
    form.set("image", new Blob([Deno.readFileSync("image.png")]), "image.png");
    form.set("model", id);
    return form;
  },
});
const milliseconds: number = result!.milliseconds;
const title: string = Object.values(result!.figures)[0].title;

const { error } = await client.GET("/api/models/{id}", { params: { path: { id: "nobody" } } });
const detail: string = error!.detail;
console.log(JSON.stringify({ id, title, isTimed: milliseconds >= 0, detail }));
`;

test("a client that a public generator made of it is compiled, and gets what it expects", async () => {
  await Deno.mkdir(join(ROOT, ".cache"), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: join(ROOT, ".cache"), prefix: "test-client-" });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.fetch(request),
  );
  try {
    await Deno.writeTextFile(join(folder, "api.d.ts"), astToString(await openapiTS(text)));
    await Deno.writeTextFile(join(folder, "client.ts"), PROGRAM);
    await Deno.writeFile(join(folder, "image.png"), noisePng());
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...[
          "run",
          "--check",
          "--quiet",
          "--cached-only",
          "--allow-net=127.0.0.1",
          "--allow-read=.",
        ],
        ...["client.ts", `http://127.0.0.1:${server.addr.port}`],
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder();
    expect(said.decode(stderr)).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(said.decode(stdout))).toMatchObject({
      id: "tiny",
      title: expect.stringMatching(/./),
      isTimed: true,
      detail: expect.stringContaining('no network "nobody"'),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
