import { ARTISTS, HELD_OUT_ARTISTS, TRAINING_ARTISTS } from "../drawings/artists.ts";
import { GLYPH_CLASSES } from "../drawings/classes.ts";
import type { Evaluation } from "./evaluate.ts";
import { parametersOf } from "./glyphnet.ts";
import { layout, parameterCount } from "./flat_parameters.ts";
import type { TrainOptions } from "./train_options.ts";

export interface ModelCard {
  readonly id: string;
  readonly options: TrainOptions;
  /** Steps that were made; fewer than planned if training was cut short. */
  readonly step: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly evaluationSeed: number;
  /** On fresh scenes of the artists it learned from, and of those it did not. */
  readonly known: Evaluation;
  readonly heldOut: Evaluation;
}

/** What the project requested: top-1 on either kind of scenes. */
const AIMS = { known: 0.92, heldOut: 0.6 };

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The model card as Markdown. */
export function modelCard(card: ModelCard): string {
  const { id, options, step, sha256, bytes, evaluationSeed, known, heldOut } = card;
  const { shape, seed, batch, workers, steps, rate, decay, smoothing } = options;
  const layers = parametersOf(shape).filter(({ role }) => role === "weight")
    .map(({ name, dims }) => `| ${name.split("/")[0]} | ${dims.join(" x ")} |`);
  const row = (what: string, { scenes, top1, top5, calibrationError }: Evaluation) =>
    `| ${what} | ${scenes} | ${percent(top1)} | ${percent(top5)} | ${percent(calibrationError)} |`;
  const omitted = ARTISTS.filter(({ omitted }) => omitted)
    .map(({ id, omitted }) => `${id} without ${omitted!.join(", ")}`).join("; ");
  return `# ${id}

A convolutional network in AlexNet's shape that tells ${shape.classes} kinds of pictographs apart.
This project trained it: on scenes that it renders, with gradients that it derives, on the CPU.
\`deno task train ${id}\` trains it again and \`deno task train:publish ${id}\` writes this folder;
both follow from seeds.

## Numbers

| scenes of | scenes | top-1 | top-5 | calibration error |
| --- | ---: | ---: | ---: | ---: |
${row("artists it learned from", known)}
${row("an artist it never saw (openmoji)", heldOut)}

Scenes are fresh: series ${evaluationSeed}, which training does not use. The calibration error is the
expected one over 15 bins (Guo et al., 2017). Chance is ${percent(1 / shape.classes)}.

## Data

Scenes of ${shape.side} x ${shape.side} pixels: one main glyph, up to three smaller ones of other
classes, at random place, size, angle and colour, some of them traced with a dark pen, over flat,
graded, striped, chequered, noisy or cluttered grounds. The label is the class of the largest glyph.
See \`scripts/glyphnet/drawings/\`.

- Learned from: ${TRAINING_ARTISTS.join(", ")} (not every set draws every class; ${omitted}).
- Kept for evaluation: ${HELD_OUT_ARTISTS.join(", ")}.
- Seed ${seed}; ${step}${step < steps ? ` of ${steps} planned` : ""} steps of ${
    batch * workers
  } scenes, ${(step * batch * workers).toLocaleString("en")} in all,
  none seen twice.

## Network

Input \`image\` [N, 3, ${shape.side}, ${shape.side}]: RGB, (level / 255 - 0.5) / 0.25. Outputs: the
scores and \`prob\`. ${parameterCount(layout(shape)).toLocaleString("en")} parameters, ${
    (bytes / 1e6).toFixed(1)
  } MB, SHA-256 \`${sha256}\`.

| layer | weights |
| --- | --- |
${layers.join("\n")}

Trained with AdamW (rate ${rate}, decay ${decay}), label smoothing ${smoothing} and batch
normalisation, which is folded into the convolutions: the file has Conv, Relu, MaxPool, Flatten, Gemm
and Softmax only. \`conv1.png\` shows the first layer's kernels.

## Limits

It knows pictographs, not photographs, and answers with one of its classes whatever it is shown:
${GLYPH_CLASSES.map(({ label }) => label).join(", ")}.
A new hand is much harder for it than a new scene: compare the two rows above. The aims were a top-1
of ${percent(AIMS.known)} on known hands and ${
    percent(AIMS.heldOut)
  } on the new one. For the new hand, two
scenes in five are traced with a dark pen, because that hand draws outlines; glyphs are sheared, bent
and tapered; and two more sets were added. What is still missing are hands: for each class there are
at most ${TRAINING_ARTISTS.length} drawings to learn from.

## Licence

The weights are under the project's licence. The pictographs they were learned from, and the samples
rendered from them, are credited in NOTICE.
`;
}
