import { FINAL_STATES, type Problem, type RebuildJob } from "../../../shared/api/mod.ts";
import { BASE } from "./api.ts";
import { element } from "./element.ts";

const form = element("rebuild", HTMLFormElement);
const token = element("token", HTMLInputElement);
const cancel = element("cancel", HTMLButtonElement);
const state = element("state", HTMLElement);
const lines = element("lines", HTMLElement);

const STATES: Readonly<Record<RebuildJob["state"], string>> = {
  queued: "Waiting for its turn.",
  building: "Building.",
  done: "Done: the new pages are served.",
  failed: "Failed: the old pages are still served.",
  cancelled: "Cancelled: the old pages are still served.",
  forwarded: "Handed on to the site's own pipeline.",
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  state.textContent = "Asking …";
  try {
    const job: RebuildJob = await (await ask("/api/rebuild", { method: "POST" })).json();
    show(job);
    if (!FINAL_STATES.includes(job.state)) await follow(job.id);
  } catch (error) {
    state.textContent = (error as Error).message;
  }
});

async function follow(id: string): Promise<void> {
  const path = `/api/rebuild/${id}`;
  cancel.onclick = () => ask(path, { method: "DELETE" });
  const answer = await ask(path, { headers: { Accept: "application/x-ndjson" } });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const parts = (rest + chunk.value).split("\n");
    rest = parts.pop()!;
    if (parts.length > 0) show(JSON.parse(parts.at(-1)!));
  }
}

function show(job: RebuildJob): void {
  const isOver = FINAL_STATES.includes(job.state);
  cancel.hidden = isOver;
  state.textContent = job.reason ? `${STATES[job.state]} ${job.reason}` : STATES[job.state];
  const said = job.lines ?? [];
  lines.hidden = said.length === 0;
  lines.textContent = said.join("\n");
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, Authorization: `Bearer ${token.value}` };
  const answer = await fetch(BASE + path, { ...init, headers });
  if (answer.ok) return answer;
  if (answer.status === 404 || answer.status === 405) {
    throw new Error("This server does not take rebuilds: it was started without REBUILD_TOKEN.");
  }
  const { title, detail }: Problem = await answer.json();
  throw new Error(`${title}: ${detail}`);
}
