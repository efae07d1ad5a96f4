import { z } from "zod";
import type { Method } from "../../contract/method.ts";
import { FORMATS } from "../../image/image_header.ts";
import { fitOptions } from "../../models/fit.ts";
import { FILE_OPTIONS, openOptions } from "../../network/open/open_options.ts";

/** The form's name of labels, and what comes before the input's name of a tensor. */
export const LABELS_FIELD = "labels";
export const FEED_FIELD = "feed:";

/** What the form calls each input that is uploaded; a folder of images can't be. */
export const IMAGE_FIELDS = ["image", "guide"] as const;

/** The fit is each image's: it opens no network. */
const ofFit = Object.fromEntries(
  Object.keys(fitOptions.shape).map((name) => [name, true] as const),
);

/** The options that open a network otherwise, but for those that are files. */
export const openingSchema = openOptions.omit({ ...FILE_OPTIONS, ...ofFit } as typeof FILE_OPTIONS);

const imageFile = z.file().describe(`An image: one of ${FORMATS}.`);

const feeds = {
  [`^${FEED_FIELD}.+`]: {
    description: "An .npy file for the input of that name, of a network with several.",
    type: "string",
    format: "binary",
  },
} as const;

/** The form of `POST /api/<method>`: images, the network, how it is opened, the method's options. */
export function runRequestSchema({ takes, options }: Pick<Method, "takes" | "options">) {
  const images = IMAGE_FIELDS.filter((field) => takes[field])
    .map((field) => [field, takes[field] === "required" ? imageFile : imageFile.optional()]);
  return z.strictObject({
    ...Object.fromEntries(images) as Partial<Record<"image" | "guide", typeof imageFile>>,
    model: z.string().min(1).describe("Id of the network."),
    ...fitOptions.shape,
    ...openingSchema.shape,
    [LABELS_FIELD]: z.string().optional()
      .describe("Names of the classes, as text or a file: one a line, or JSON."),
    ...options.shape,
  }).meta({ override: { patternProperties: feeds } });
}
