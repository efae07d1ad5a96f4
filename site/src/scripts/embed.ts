/** The page of the custom element: a button gives one of them something to run. */
import { defineMap } from "../../../shared/element/convscope_map.ts";

defineMap();

const button = document.querySelector<HTMLButtonElement>("#run-map")!;
button.addEventListener("click", () => {
  const map = document.querySelector("#live-map")!;
  const job = { ...button.dataset, options: "target=top-1", method: "cam" };
  for (const [name, value] of Object.entries(job)) map.setAttribute(name, value!);
});
