import { FEED_FIELD, IMAGE_FIELDS, LABELS_FIELD } from "../shared/api/schemas/mod.ts";
import { checkImage } from "../shared/image/decode_image.ts";
import { FORMATS } from "../shared/image/image_header.ts";
import type { Config } from "./config.ts";
import { ProblemError } from "./problems.ts";
import type { OpeningFiles } from "./read_opening.ts";
import { type BodyLimits, readBody } from "./read_body.ts";

/** What a client sent: images, the network's id, and the options as texts. */
export interface Upload {
  /** The files; their format and size are checked, and nothing is decoded. */
  readonly images: Readonly<Partial<Record<ImageField, Uint8Array<ArrayBuffer>>>>;
  readonly model: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Files that say how the network is opened. */
  readonly opening: OpeningFiles;
}

type ImageField = typeof IMAGE_FIELDS[number];

/**
 * Of a field's name, and of its text: what is compared with all labels must not be long. Strokes by
 * hand over an image need the most.
 */
const MOST_CHARACTERS = 4000;

/**
 * Reads a form with the field `model`, options, and the files `image`, `guide`, `labels` and
 * `feed:<input>` or none.
 *
 * @throws {ProblemError} 400, 408, 413 or 415 that says what is wrong with it.
 * @throws {ImageError} If an image is of another format, too large, or cut off.
 */
export async function readUpload(
  request: Request,
  limits: BodyLimits & Pick<Config, "MAX_PIXELS">,
): Promise<Upload> {
  const type = request.headers.get("Content-Type") ?? "";
  const boundary = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type);
  if (!boundary) {
    throw new ProblemError(
      "unsupported-media-type",
      `The request is ${type ? `"${type}"` : "of no type"}, expected multipart/form-data with a ` +
        "boundary",
    );
  }
  const body = await readBody(request, limits);
  if (!endsWith(body, `--${boundary[1] ?? boundary[2]}--`)) {
    throw new ProblemError("bad-request", "The form is cut off: it ends without its last boundary");
  }
  const form = await readForm(body, type);
  const { image, guide, model, ...rest } = Object.fromEntries(form);
  if (typeof model !== "string" || model === "") {
    throw new ProblemError(
      "bad-request",
      'The form has no field "model", the id of a network; /api/models lists them',
    );
  }
  const { opening, others } = await takeOpeningFiles(rest);
  const fields = texts(others);
  const images: Partial<Record<ImageField, Uint8Array<ArrayBuffer>>> = {};
  for (const [name, file] of Object.entries({ image: image, guide })) {
    if (file === undefined) continue;
    images[name as ImageField] = await readImage(name as ImageField, file, limits);
  }
  return { images, model, fields, opening };
}

/** Takes labels, be they a file or text, and tensors out of a form. */
async function takeOpeningFiles(
  { [LABELS_FIELD]: labels, ...rest }: Readonly<Record<string, FormDataEntryValue>>,
): Promise<{ opening: OpeningFiles; others: Record<string, FormDataEntryValue> }> {
  const others: Record<string, FormDataEntryValue> = {};
  const feeds: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (name === "feed") {
      throw new ProblemError(
        "bad-request",
        'The field "feed" says not for which input; expected "feed:<input>", an .npy file',
      );
    }
    if (!name.startsWith(FEED_FIELD)) others[name] = value;
    else if (value instanceof File) {
      feeds[name.slice(FEED_FIELD.length)] = new Uint8Array(await value.arrayBuffer());
    } else {
      throw new ProblemError("bad-request", `The field "${name}" is text, expected an .npy file`);
    }
  }
  const opening = {
    ...labels !== undefined && { labels: labels instanceof File ? await labels.text() : labels },
    feeds,
  };
  return { opening, others };
}

async function readImage(
  name: ImageField,
  file: FormDataEntryValue,
  { MAX_PIXELS }: Pick<Config, "MAX_PIXELS">,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!(file instanceof File)) {
    throw new ProblemError(
      "bad-request",
      `The field "${name}" is text, expected a file: one of ${FORMATS}`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  checkImage(bytes, { maxPixels: MAX_PIXELS });
  return bytes;
}

function texts(values: Readonly<Record<string, FormDataEntryValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === "string") return [name, value];
      throw new ProblemError("bad-request", `The field "${name}" is a file, expected text`);
    }),
  );
}

/** Whether `body` ends with `text`, but for white space. Half a form would pass for a whole one. */
function endsWith(body: Uint8Array, text: string): boolean {
  const tail = new TextDecoder().decode(body.subarray(-text.length - 100));
  return tail.trimEnd().endsWith(text);
}

async function readForm(body: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  let form: FormData;
  try {
    form = await new Response(body, { headers: { "Content-Type": type } }).formData();
  } catch (cause) {
    throw new ProblemError("bad-request", "The form cannot be read: its parts are malformed", {
      cause,
    });
  }
  const names = new Set<string>();
  for (const [name, value] of form) {
    const length = Math.max(name.length, typeof value === "string" ? value.length : 0);
    if (length > MOST_CHARACTERS) {
      throw new ProblemError(
        "bad-request",
        `The field "${name.slice(0, 50)}" has ${length} characters, at most ${MOST_CHARACTERS} ` +
          "are allowed",
      );
    }
    if (names.has(name)) {
      throw new ProblemError("bad-request", `The form has the field "${name}" more than once`);
    }
    names.add(name);
  }
  return form;
}
