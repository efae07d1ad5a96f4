import type { ProblemKind } from "../shared/api/mod.ts";
import { decodeImage } from "../shared/image/decode_image.ts";
import type { Image } from "../shared/image/image.ts";
import { ImageError, type ImageFault } from "../shared/image/image_error.ts";
import type { Config } from "./config.ts";
import { ProblemError } from "./problem_error.ts";
import { type BodyLimits, readBody } from "./read_body.ts";

/** What a client sent: pictures, the network's id, and the options as texts. */
export interface Upload {
  readonly pictures: Readonly<Partial<Record<PictureField, Image>>>;
  readonly model: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The form's name of each picture. */
const FILES = { picture: "image", guide: "guide" } as const;

type PictureField = keyof typeof FILES;

/**
 * Of a field's name, and of its text: what is compared with all labels must not be long. Strokes by
 * hand over a picture need the most.
 */
const MOST_CHARACTERS = 4000;

const IMAGE_PROBLEMS: Readonly<Record<ImageFault, ProblemKind>> = {
  "format": "unsupported-media-type",
  "damaged": "unusable-image",
  "too-large": "too-large",
};

/**
 * Reads a form with the field `model`, options, and the files `image` and `guide` or none.
 *
 * @throws {ProblemError} 400, 408, 413, 415 or 422 that says what is wrong with it.
 */
export async function readUpload(
  request: Request,
  limits: BodyLimits & Pick<Config, "MAX_PIXELS">,
): Promise<Upload> {
  const type = request.headers.get("Content-Type") ?? "";
  if (!/^multipart\/form-data\s*;.*\bboundary=/i.test(type)) {
    throw new ProblemError(
      "unsupported-media-type",
      `The request is ${type ? `"${type}"` : "of no type"}, expected multipart/form-data with a ` +
        "boundary",
    );
  }
  const form = await readForm(await readBody(request, limits), type);
  const { image, guide, model, ...rest } = Object.fromEntries(form);
  if (typeof model !== "string" || model === "") {
    throw new ProblemError(
      "bad-request",
      'The form has no field "model", the id of a network; /api/models lists them',
    );
  }
  const fields = texts(rest);
  const pictures: Partial<Record<PictureField, Image>> = {};
  for (const [name, file] of Object.entries({ picture: image, guide })) {
    if (file === undefined) continue;
    pictures[name as PictureField] = await readPicture(name as PictureField, file, limits);
  }
  return { pictures, model, fields };
}

async function readPicture(
  name: PictureField,
  file: FormDataEntryValue,
  limits: Pick<Config, "MAX_PIXELS">,
): Promise<Image> {
  if (!(file instanceof File)) {
    throw new ProblemError(
      "bad-request",
      `The field "${FILES[name]}" is text, expected a file: a JPEG, PNG or WebP`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    return await decodeImage(bytes, { maxPixels: limits.MAX_PIXELS });
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new ProblemError(IMAGE_PROBLEMS[cause.fault], cause.message, { cause });
  }
}

function texts(values: Readonly<Record<string, FormDataEntryValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === "string") return [name, value];
      throw new ProblemError("bad-request", `The field "${name}" is a file, expected text`);
    }),
  );
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
