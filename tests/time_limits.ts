/**
 * How long a test may take before it counts as hanging, by its file. Each limit is at least five
 * times what the slowest test below it takes on two cores that do other things too: it is to end
 * what hangs, and no time is measured by it.
 *
 * `TEST_SLOWDOWN=5` makes them five times as long: for a slow machine, and for `deno task coverage`,
 * since what is counted is not optimised.
 *
 * Vitest runs this module before each file of tests (`setupFiles`).
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Seconds for a test of one concept, which is beside its code. */
const UNIT = 5;

/** Seconds for a test of the whole system, in tests/: other processes, browsers, reference arrays. */
const SYSTEM = 120;

interface Exception {
  readonly seconds: number;
  /** What makes tests of these files slower than others of their folders. */
  readonly why: string;
  readonly files: readonly string[];
}

const EXCEPTIONS: readonly Exception[] = [
  {
    seconds: 60,
    why: "compiles graphs and runs networks, some on a GPU in software",
    files: [
      "functions/app_test.ts",
      "functions/images/image_preparer_test.ts",
      "models/open_model_test.ts",
      "scripts/glyphnet/train/evaluate_test.ts",
      "shared/evaluation/evaluation_test.ts",
      "shared/methods/activations/activations_test.ts",
      "shared/methods/adversarial/adversarial_test.ts",
      "shared/methods/attention/attention_test.ts",
      "shared/methods/cam/cam_test.ts",
      "shared/methods/cam/sanity_test.ts",
      "shared/methods/cam/tokens_test.ts",
      "shared/methods/class-model/class_model_test.ts",
      "shared/methods/classify/classify_test.ts",
      "shared/methods/deep-dream/deep_dream_test.ts",
      "shared/methods/deep-dream/tiles_test.ts",
      "shared/methods/embedding/embedding_test.ts",
      "shared/methods/integrated-gradients/integrated_gradients_test.ts",
      "shared/methods/inversion/inversion_test.ts",
      "shared/methods/lrp/lrp_test.ts",
      "shared/methods/neuron/neuron_test.ts",
      "shared/methods/occlusion/occlusion_test.ts",
      "shared/methods/patches/patches_test.ts",
      "shared/methods/segment/segment_test.ts",
      "shared/methods/similarity/similarity_test.ts",
      "shared/methods/style/style_test.ts",
      "shared/methods/weights/weights_test.ts",
      "shared/network/at_size_test.ts",
      "shared/network/axes/map_views_test.ts",
      "shared/network/image_gradient_test.ts",
      "shared/network/measure_scores_test.ts",
      "shared/network/network_test.ts",
      "shared/network/on_canvas_test.ts",
      "shared/network/open/network_summary_test.ts",
      "shared/network/open_session_test.ts",
      "shared/network/receptive_field_test.ts",
      "shared/network/resolve_score_target_test.ts",
      "shared/network/session_cache_test.ts",
      "shared/network/settle_constants_test.ts",
      "shared/optimize/adam_step_test.ts",
      "shared/optimize/fourier_image_test.ts",
      "shared/optimize/fourier_inversion_test.ts",
      "shared/optimize/inversion_ascent_test.ts",
      "shared/runtime/parity_test.ts",
      "shared/runtime/runtime_error_test.ts",
      "shared/runtime/session_test.ts",
      "shared/synthesis/dead_relu_fallback_test.ts",
      "shared/synthesis/unit_gradient_test.ts",
      "site/samples/samples_test.ts",
      "site/src/scripts/workbench/cost_test.ts",
    ],
  },
  {
    seconds: 60,
    why: "reads or renders what is large: millions of messages, photos, scenes, damaged files",
    files: [
      "scripts/fuzz/fuzz_test.ts",
      "scripts/glyphnet/drawings/glyph_library_test.ts",
      "scripts/scenes_test.ts",
      "shared/figure/draw_figure_test.ts",
      "shared/grad/refuse_spelled_out_gates_test.ts",
      "shared/image/decode_frames_test.ts",
      "shared/image/decode_image_test.ts",
      "shared/image/resize_test.ts",
      "shared/models/preprocess_test.ts",
      "shared/onnx/limits_test.ts",
      "shared/onnx/proto/message_test.ts",
    ],
  },
  {
    seconds: 60,
    why: "waits, since the subject is what happens when nothing comes for a second",
    files: [
      "functions/answers/paced_stream_test.ts",
      "functions/read_body_test.ts",
      "scripts/cli/interruption_test.ts",
      "shared/compute/schedule_test.ts",
    ],
  },
  {
    seconds: 180,
    why: "runs a whole program, many methods, or the passes that a statistic takes",
    files: [
      "scripts/bench/main_test.ts",
      "scripts/cli/main_test.ts",
      "scripts/figures/ablate_units_test.ts",
      "scripts/figures/default_sets_test.ts",
      "scripts/figures/main_test.ts",
      "scripts/figures/scene_examples_test.ts",
      "scripts/figures/summarise_network_test.ts",
      "scripts/glyphnet/train/train_test.ts",
      "scripts/lint/file_paths_test.ts",
      "scripts/quality/localisation_test.ts",
      "scripts/quality/main_test.ts",
      "scripts/quality/map_methods_test.ts",
      "scripts/quality/segmentation_test.ts",
      "shared/methods/gradient/gradient_test.ts",
    ],
  },
  {
    seconds: 900,
    why: "a test takes from 20 seconds to three minutes: large networks, a training, rounds of " +
      "faults, each page of the site, a site that is built",
    files: [
      "scripts/faults/faults_test.ts",
      "scripts/figures/build_figures_test.ts",
      "scripts/glyphnet/train/main_test.ts",
      "scripts/soak/soak_test.ts",
      "tests/browser/gallery_test.ts",
      "tests/browser/site_test.ts",
      "tests/browser/tour_test.ts",
      "tests/contributing_test.ts",
      "tests/goldens/cam_test.ts",
      "tests/goldens/gradient_test.ts",
      "tests/goldens/occlusion_test.ts",
      "tests/http/rebuild_test.ts",
      "tests/queue_test.ts",
    ],
  },
];

/** Seconds that each test and each hook of a file may take. */
function limitOf(file: string): number {
  const exception = EXCEPTIONS.find(({ files }) => files.includes(file));
  return exception?.seconds ?? (file.startsWith("tests/") ? SYSTEM : UNIT);
}

const gone = EXCEPTIONS.flatMap(({ files }) => files).filter((file) =>
  !existsSync(join(ROOT, file))
);
if (gone.length > 0) throw new Error(`tests/time_limits.ts names files that are gone: ${gone}`);

const file = relative(ROOT, expect.getState().testPath!).replaceAll("\\", "/");
const milliseconds = 1000 * limitOf(file) * Number(Deno.env.get("TEST_SLOWDOWN") ?? 1);
vi.setConfig({ testTimeout: milliseconds, hookTimeout: milliseconds });
