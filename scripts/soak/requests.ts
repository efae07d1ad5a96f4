import { methods } from "../../shared/methods/registry.ts";

/** A request that always has the same answer. */
export interface SoakRequest {
  readonly name: string;
  /** How it is told apart in what is printed. */
  readonly kind: "method" | "bad";
  make(origin: string): Request;
}

/** A few steps of each method, on any network. */
const OPTIONS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  "adversarial": [{ target: "second", steps: "4" }],
  "cam": [{ target: "top5" }],
  "class-model": [{ target: "1", steps: "4" }],
  "deep-dream": [{ octaves: "2", iterations: "2" }],
  "gradient": [{ samples: "3" }, { rule: "guided" }],
  "integrated-gradients": [{ steps: "4", baseline: "blur" }],
  "inversion": [{ restarts: "2", steps: "4" }],
  "neuron": [{ steps: "4" }],
  "occlusion": [{ window: "24", stride: "12" }, { window: "16", stride: "8" }],
  "segment": [{ views: "2" }],
  "style": [{ steps: "4" }],
};

const TAKES_GUIDE: ReadonlySet<string> = new Set(["style"]);
const TAKES_NOTHING: ReadonlySet<string> = new Set(["class-model", "neuron", "weights"]);

const SAMPLES = ["balloons.png", "street.png"];

const read = (name: string) =>
  new Blob([Deno.readFileSync(new URL(`../../site/public/samples/${name}`, import.meta.url))]);

/** All methods of the registry, and files and forms that are wrong. */
export function requestsFor(models: readonly string[]): readonly SoakRequest[] {
  const images = SAMPLES.map(read);
  const runs = models.flatMap((model) =>
    methods.flatMap(({ id }) =>
      (OPTIONS[id] ?? [{}]).map((options, i): SoakRequest => ({
        name: `${model} ${id} ${JSON.stringify(options)}`,
        kind: "method",
        make: (origin) =>
          posted(`${origin}/api/${id}`, {
            model,
            ...options,
            ...!TAKES_NOTHING.has(id) && { image: images[i % images.length] },
            ...TAKES_GUIDE.has(id) && { guide: images[1] },
          }),
      }))
    )
  );
  return [...runs, ...badRequests(models[0], images[0])];
}

function badRequests(model: string, image: Blob): SoakRequest[] {
  const forms: Readonly<Record<string, Readonly<Record<string, string | Blob>>>> = {
    "an image that is cut off": { model, image: image.slice(0, image.size / 2) },
    "an image that is none": { model, image: new Blob(["no image"]) },
    "a network that is not here": { model: "nowhere", image },
    "an option that there is not": { model, image, nonsense: "1" },
    "a stride of -1": { model, image, stride: "-1" },
    "no image": { model },
  };
  const bad = Object.entries(forms).map(([name, fields]): SoakRequest => ({
    name,
    kind: "bad",
    make: (origin) => posted(`${origin}/api/occlusion`, fields),
  }));
  const headers = { "Content-Type": "multipart/form-data; boundary=x" };
  return [...bad, {
    name: "a form that is cut off",
    kind: "bad",
    make: (origin) =>
      new Request(`${origin}/api/occlusion`, { method: "POST", headers, body: "--x\r\nContent" }),
  }];
}

/** A job that takes long, for clients that do not wait for it. */
export const longRequest = (model: string, origin: string) =>
  posted(`${origin}/api/inversion`, {
    ...{ model, image: read(SAMPLES[0]), steps: "500", restarts: "4" },
  }, { Accept: "application/x-ndjson" });

function posted(
  url: string,
  fields: Readonly<Record<string, string | Blob>>,
  headers: HeadersInit = {},
): Request {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") body.set(name, value);
    else body.set(name, value, name);
  }
  return new Request(url, { method: "POST", body, headers });
}
