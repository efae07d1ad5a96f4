/** What each route refuses: with which status, as which problem, and in which words. */
import { expect, test } from "vitest";
import { type Problem, type ProblemKind, PROBLEMS } from "../shared/api/mod.ts";
import { checkedApp } from "../tests/http/checked_app.ts";
import { AS_EVENTS, form, noisePng } from "../tests/http/requests.ts";
import { tinyCatalogue } from "../tests/http/tiny_catalogue.ts";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { SIGNATURE_HEADER } from "./invocations/signature.ts";
import { createServices } from "./services.ts";

function appWith(env: Record<string, string> = {}) {
  const all: Record<string, string> = { BACKEND: "wasm", SITE: "/nowhere", ...env };
  return checkedApp(createApp(createServices(readConfig((name) => all[name]), tinyCatalogue())));
}

/** A refusal, as `[status, problem, words of the detail]`. */
type Refusal = readonly [status: number, kind: ProblemKind, detail: RegExp];

async function expectRefusal(response: Response, [status, kind, detail]: Refusal): Promise<void> {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  const body: Problem = await response.json();
  expect(body).toMatchObject({ type: `/problems/#${kind}`, title: PROBLEMS[kind][1] });
  expect([response.status, body.status]).toEqual([status, status]);
  expect(body.detail).toMatch(detail);
}

const TOKEN = "a token of the tests";
const REBUILD = { REBUILD_TOKEN: TOKEN, REBUILD_FOLDER: "/nowhere" };
const FANOUT = { FANOUT_SECRET: "a secret of the tests", FANOUT_URL: "http://127.0.0.1:9" };
const asMaintainer = (init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { Authorization: `Bearer ${TOKEN}` },
});
const signed = (signature: string): RequestInit => ({
  body: "x",
  headers: { [SIGNATURE_HEADER]: signature },
});

/** Routes, and what they are asked that they do not answer to. */
const ROUTES: readonly [
  route: string,
  refusal: Refusal,
  init?: RequestInit,
  env?: Record<string, string>,
][] = [
  ["GET /api/nothing/at/all", [404, "not-found", /^There is nothing at \/api\/nothing\/at\/all$/]],
  ["POST /nowhere", [404, "not-found", /nothing at \/nowhere/]],
  ["POST /api/telepathy", [404, "not-found", /no method "telepathy"; there are .*occlusion/]],
  ["PUT /healthz", [405, "method-not-allowed", /healthz does not answer to PUT, only to GET/]],
  ["DELETE /api/models", [405, "method-not-allowed", /only to GET/]],
  ["POST /api/models/tiny", [405, "method-not-allowed", /only to GET/]],
  ["GET /api/occlusion", [405, "method-not-allowed", /only to POST/]],
  ["GET /api/models/nobody", [404, "network-missing", /no network "nobody"/]],
  ["GET /api/models/nobody/file", [404, "network-missing", /no network "nobody"/]],
  ["GET /api/models/tiny?describe=no", [422, "invalid-options", /describe/]],
  ["GET /api/models/tiny?mean=grey", [422, "invalid-options", /mean.*grey/]],
  ["GET /api/models/tiny?size=4000", [413, "too-large", /size 4000: at most 1024 pixels/]],
  ["DELETE /api/jobs/none", [404, "not-found", /no job of that id/]],
  ["POST /api/occlusion/tile", [404, "not-found", /nothing at/]],
  ["POST /api/occlusion/tile", [403, "forbidden", /invocation is refused/], {}, FANOUT],
  ["POST /api/occlusion/tile", [403, "forbidden", /refused/], signed("t=1,v1=0"), FANOUT],
  ["POST /api/occlusion/tile", [403, "forbidden", /refused/], signed("no signature"), FANOUT],
  ["POST /api/rebuild", [404, "not-found", /no method "rebuild"/]],
  ["POST /api/rebuild", [401, "unauthorized", /Authorization: Bearer <token>/], {}, REBUILD],
  ["GET /api/rebuild/1", [401, "unauthorized", /Authorization: Bearer <token>/], {}, REBUILD],
  ["GET /api/rebuild/1", [404, "not-found", /no rebuild "1"/], asMaintainer(), REBUILD],
  ["DELETE /api/rebuild/1", [404, "not-found", /no rebuild "1"/], asMaintainer(), REBUILD],
  [
    "POST /api/rebuild",
    [400, "bad-request", /"models": \[ids\]/],
    asMaintainer({
      body: "{",
    }),
    REBUILD,
  ],
  [
    "POST /api/rebuild",
    [413, "too-large", /larger than/],
    asMaintainer({
      body: " ".repeat(2 ** 16 + 1),
    }),
    REBUILD,
  ],
];

test.each(ROUTES)("%s is refused: %s", async (route, refusal, init, env) => {
  const [method, path] = route.split(" ");
  const response = await appWith(env).request(path, { ...init, method });
  await expectRefusal(response, refusal);
  const { headers } = response;
  const isAllowed = refusal[2].source.match(/only to (\w+)/)?.[1];
  if (isAllowed) expect(headers.get("Allow")?.split(", ")).toContain(isAllowed);
});

const file = (text: string) => new Blob([text]);
const tiff = file("II*\0\x08\0\0\0");
const damaged = new Blob([noisePng().subarray(0, 200)]);
const manyPixels = new Blob([noisePng(60, 40)]);
const none = { window: undefined, stride: undefined };

/** Forms that a method is given, and does not take. */
const FORMS: readonly [
  what: string,
  fields: Parameters<typeof form>[0],
  refusal: Refusal,
  env?: Record<string, string>,
  method?: string,
][] = [
  ["no image", { image: undefined }, [400, "bad-request", /needs an image/]],
  ["text for an image", { image: "cat.png" }, [400, "bad-request", /"image" is text.*PNG/]],
  ["an image for a method of none", none, [400, "bad-request", /it takes none/], {}, "weights"],
  ["an idle second image", { guide: new Blob([noisePng()]) }, [
    422,
    "invalid-options",
    /Cannot use the second image: "top-1" is not compared with it/,
  ]],
  ["no model", { model: undefined }, [400, "bad-request", /no field "model".*\/api\/models/]],
  ["an unknown network", { model: "nobody" }, [404, "network-missing", /no network "nobody"/]],
  ["a path as network", { model: "../tiny.onnx" }, [404, "network-missing", /no network/]],
  ["a large body", {}, [413, "too-large", /larger than the 1000 bytes allowed/], {
    MAX_BODY_BYTES: "1000",
  }],
  ["many pixels", { image: manyPixels }, [413, "too-large", /60 x 40.*2000/], {
    MAX_PIXELS: "2000",
  }],
  ["many positions", {}, [413, "too-large", /7 x 7 positions, at most 48/], {
    MAX_POSITIONS: "48",
  }],
  ["a long text", { target: "x".repeat(4001) }, [
    400,
    "bad-request",
    /"target" has 4001 characters/,
  ]],
  ["a file for an option", { window: file("6") }, [400, "bad-request", /"window" is a file/]],
  ["a tensor for no input", { feed: file("x") }, [400, "bad-request", /"feed:<input>"/]],
  ["text for a tensor", { "feed:age": "1" }, [400, "bad-request", /"feed:age" is text/]],
  ["what is no .npy", { "feed:age": file("1") }, [422, "invalid-options", /feed the input "age"/]],
  ["a TIFF", { image: tiff }, [415, "unsupported-media-type", /TIFF.*JPEG/]],
  ["a damaged PNG", { image: damaged }, [422, "unusable-image", /PNG/]],
  ["an empty image", { image: file("") }, [422, "unusable-image", /empty/]],
  ["an unknown option", { windows: "3" }, [422, "invalid-options", /"windows".*window/]],
  ["a word for a number", { window: "wide" }, [
    422,
    "invalid-options",
    /"window".*"wide".*integer/,
  ]],
  ["a fill that no network can take", { fill: "1e39" }, [
    422,
    "invalid-options",
    /"fill".*"1e39".*number from/,
  ]],
  ["a window larger than the input", { window: "25" }, [
    422,
    "invalid-options",
    /25 pixels, expected 1 to 24/,
  ]],
  ["a stride that leaves pixels out", { stride: "7" }, [422, "invalid-options", /stride is 7/]],
  ["an unknown class", { target: "cow" }, [422, "invalid-options", /cow/]],
  ["a class with a line break", { target: "co\nw" }, [422, "invalid-options", /co.*w/]],
  ["an unknown layer", { layer: "conv9" }, [422, "invalid-options", /conv9.*conv1/]],
  ["an input that is too large", { size: "4000" }, [413, "too-large", /at most 1024 pixels/]],
  ["no guide", none, [400, "bad-request", /needs .*guide/], {}, "style"],
  // Told before the network is opened.
  [
    "many restarts",
    { ...none, model: "nobody", steps: "10000", restarts: "16" },
    [
      413,
      "too-large",
      /takes 160000 steps.*expected at most 10000; choose fewer/,
    ],
    {},
    "inversion",
  ],
  [
    "many frames",
    { ...none, model: "nobody", frames: "600" },
    [
      413,
      "too-large",
      /takes \d+ steps.*expected at most 10000; choose fewer/,
    ],
    {},
    "deep-dream",
  ],
  [
    "many steps on a large canvas",
    { ...none, model: "nobody", enlarge: "8", iterations: "1000" },
    [
      413,
      "too-large",
      /takes \d+ steps.*expected at most 10000; choose fewer/,
    ],
    {},
    "deep-dream",
  ],
];

test.each(FORMS)(
  "%s is refused, asked for JSON and for events",
  async (_what, fields, refusal, env, method = "occlusion") => {
    for (const headers of [{}, AS_EVENTS]) {
      const init = { method: "POST", body: form(fields), headers };
      await expectRefusal(await appWith(env).request(`/api/${method}`, init), refusal);
    }
  },
);

const twice = form();
twice.append("window", "7");

/** Bodies that are no form. */
const BODIES: readonly [what: string, body: BodyInit, type: string | undefined, Refusal][] = [
  ["JSON", "{}", "application/json", [415, "unsupported-media-type", /"application\/json".*form/]],
  ["a form without a boundary", "--x--", "multipart/form-data", [
    415,
    "unsupported-media-type",
    /with a boundary/,
  ]],
  ["a form of another boundary", "--y\r\n", "multipart/form-data; boundary=x", [
    400,
    "bad-request",
    /without its last boundary/,
  ]],
  ["a form of nothing but its end", "--x--", "multipart/form-data; boundary=x", [
    400,
    "bad-request",
    /form/,
  ]],
  ["a field that is there twice", twice, undefined, [
    400,
    "bad-request",
    /"window" more than once/,
  ]],
];

test.each(BODIES)("%s is refused", async (_what, body, type, refusal) => {
  const headers = type === undefined ? undefined : { "Content-Type": type };
  const init = { method: "POST", body, headers };
  await expectRefusal(await appWith().request("/api/occlusion", init), refusal);
});
