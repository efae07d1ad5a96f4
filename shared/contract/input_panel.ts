import { onSource, type Panel, type Placed } from "../figure/mod.ts";

/** The source image, with what the network does not see of it dimmed. */
export function inputPanel(input: Placed): Panel {
  return {
    id: "input",
    title: "Input",
    text: "What the network sees of the image.",
    ...onSource(input, "colour"),
  };
}
