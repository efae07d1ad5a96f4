import { z } from "zod";
import { fitOptions } from "../shared/models/fit.ts";
import { type MethodInfo, PROBLEMS } from "../shared/api/mod.ts";
import { FEED_FIELD, LABELS_FIELD, openingSchema } from "./read_opening.ts";
import { FORMATS } from "../shared/image/image_header.ts";

type Json = Readonly<Record<string, unknown>>;

const json = (schema: Json) => ({ content: { "application/json": { schema } } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const text = { type: "string" };
const number = { type: "number" };
const object = { type: "object", additionalProperties: true };
const listOf = (items: Json) => ({ type: "array", items });
const mapOf = (additionalProperties: Json) => ({ type: "object", additionalProperties });

/** An object whose `properties` are all there, but those named in `optional`. */
const record = (properties: Readonly<Record<string, Json>>, optional: readonly string[] = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const IMAGE = record({ width: number, height: number, url: text });
const ARRAY = record({ type: text, dims: listOf(number), url: text });

const SCHEMAS: Readonly<Record<string, Json>> = {
  Model: record({
    id: text,
    title: text,
    licence: record({ name: text, url: text }),
    bytes: { type: ["number", "null"] },
    available: { type: "boolean" },
    fault: text,
    input: record({ height: number, width: number }),
    classes: number,
  }, ["fault"]),
  ModelDetails: {
    allOf: [
      ref("Model"),
      record({
        labels: listOf(text),
        manifest: object,
        layers: listOf(record({ alias: text, tensor: text })),
        describe: object,
      }, ["describe"]),
    ],
  },
  Method: record({
    id: text,
    title: text,
    summary: text,
    paper: object,
    takes: mapOf({ enum: ["required", "optional"] }),
    options: object,
  }),
  Result: record({
    method: text,
    model: text,
    modelSha256: text,
    options: object,
    figures: mapOf(object),
    images: mapOf(IMAGE),
    files: mapOf(record({ bytes: number, url: text })),
    arrays: mapOf(ARRAY),
    measures: object,
    notes: listOf(text),
    backend: text,
    milliseconds: number,
  }),
  Problem: record({
    type: text,
    title: text,
    status: number,
    detail: text,
    instance: text,
    retryAfter: number,
    errors: listOf(record({ path: text, message: text })),
  }, ["instance", "retryAfter", "errors"]),
  Event: {
    description: "One line; the last one is a result or an error.",
    oneOf: [
      record({ type: { const: "start" }, total: number, unit: text, backend: text }),
      record({ type: { const: "progress" }, done: number, total: number, unit: text }),
      record({ type: { const: "result" }, result: ref("Result") }),
      record({ type: { const: "error" }, problem: ref("Problem") }),
    ],
  },
};

/** Every status a route may answer with instead, as one response each. */
const FAULTS = Object.fromEntries(
  Object.values(PROBLEMS).map(([status, title]) => [status, {
    description: title,
    content: { "application/problem+json": { schema: ref("Problem") } },
  }]),
);

const ok = (description: string, schema: Json) => ({ 200: { description, ...json(schema) } });

/** The OpenAPI 3.1 description of the functions, derived from the methods. */
export function openApi(methods: readonly MethodInfo[]): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Convscope",
      version: "1",
      description: "What a convolutional network has learned, and what it looks at.",
    },
    paths: {
      "/healthz": { get: { summary: "Whether the server answers", responses: ok("Yes", object) } },
      "/metrics": {
        get: {
          summary: "What this isolate has done, for Prometheus",
          responses: { 200: { description: "Prometheus text", content: { "text/plain": {} } } },
        },
      },
      "/api/models": {
        get: { summary: "The networks", responses: ok("All of them", listOf(ref("Model"))) },
      },
      "/api/models/{id}": {
        get: {
          summary:
            "One network, with its classes and layers, and what was settled when it was opened",
          parameters: [
            { name: "id", in: "path", required: true, schema: text },
            {
              name: "describe",
              in: "query",
              description: "Whether the network is opened, and what was settled is said.",
              schema: { type: "boolean", default: true },
            },
            ...Object.entries(openingProperties()).map(([name, schema]) => ({
              ...{ name, in: "query", required: false, schema },
            })),
          ],
          responses: { ...ok("The network", ref("ModelDetails")), 404: FAULTS[404] },
        },
      },
      "/api/models/{id}/file": {
        get: {
          summary: "The network's ONNX file",
          parameters: [{ name: "id", in: "path", required: true, schema: text }],
          responses: {
            200: { description: "The file", content: { "application/octet-stream": {} } },
            404: FAULTS[404],
          },
        },
      },
      "/api/methods": {
        get: {
          summary: "The methods and their options",
          responses: ok("All of them", listOf(ref("Method"))),
        },
      },
      ...Object.fromEntries(methods.map((method) => [
        `/api/${method.id}`,
        { post: operation(method) },
      ])),
    },
    components: { schemas: SCHEMAS },
  };
}

/** What the form calls each input; a folder of images can't be uploaded. */
const FILES = { image: "image", guide: "guide" } as const;
const IMAGE_FILE = {
  description: `An image: one of ${FORMATS}.`,
  type: "string",
  format: "binary",
};

/** The options that open a network otherwise, but for files. */
const openingProperties = (): Json =>
  z.toJSONSchema(openingSchema, { io: "input" }).properties as Json;

function operation({ id, title, summary, takes, options }: MethodInfo): Json {
  const kinds = (Object.keys(FILES) as (keyof typeof FILES)[]).filter((kind) => takes[kind]);
  const required = kinds.filter((kind) => takes[kind] === "required").map((kind) => FILES[kind]);
  const properties = options.properties as Json;
  return {
    operationId: id,
    summary: title,
    description: summary,
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            required: [...required, "model"],
            properties: {
              ...Object.fromEntries(kinds.map((kind) => [FILES[kind], IMAGE_FILE])),
              model: { description: "Id of the network.", ...text },
              ...z.toJSONSchema(fitOptions).properties,
              ...openingProperties(),
              [LABELS_FIELD]: {
                description: "Names of the classes, as text or a file: one a line, or JSON.",
                ...text,
              },
              ...properties,
            },
            patternProperties: {
              [`^${FEED_FIELD}.+`]: {
                description: "An .npy file for the input of that name, of a network with several.",
                ...{ type: "string", format: "binary" },
              },
            },
            additionalProperties: false,
          },
        },
      },
    },
    responses: {
      200: {
        description:
          "The result; with `Accept: application/x-ndjson` the way there, line by line; with " +
          "`image/svg+xml` or `image/png` its figure",
        content: {
          "application/json": { schema: ref("Result") },
          "application/x-ndjson": { schema: ref("Event") },
          "image/svg+xml": { schema: text },
          "image/png": { schema: { type: "string", format: "binary" } },
        },
      },
      ...FAULTS,
    },
  };
}
