import { createApp } from "../../../functions/app.ts";
import { readConfig } from "../../../functions/config.ts";
import { modelCatalogue } from "../../../functions/catalogue.ts";
import { createServices } from "../../../functions/services.ts";
import { answerOf } from "../../soak/answer_of.ts";
import { serve } from "../../soak/serve.ts";
import { probe } from "../probe.ts";
import { hold, pause, type Round, type Scenario } from "../scenario.ts";

/** Milliseconds within which a process is struck: what a map takes. */
const SPAN = 4000;

const killedNeighbour: Scenario = {
  name: "killed-neighbour",
  summary: "kill -9 of a process that takes parts of a job: the job ends as if it were not there",
  async run({ draw, reference }) {
    await using stack = new AsyncDisposableStack();
    const [coordinator, victim] = (await serve("three")).map((server) => stack.use(server));
    const answer = fetch(probe(coordinator.origin)).then(answerOf);
    await Promise.race([pause(draw.below(SPAN)), answer]);
    Deno.kill(victim.pid, "SIGKILL");
    hold((await answer).digest === reference.answer, `another map: ${(await answer).text}`);
    const next = await answerOf(await fetch(probe(coordinator.origin)));
    hold(next.digest === reference.answer, `another map afterwards: ${next.text}`);
  },
};

const killedCoordinator: Scenario = {
  name: "killed-coordinator",
  summary: "kill -9 of the process that has the job: no answer, and its neighbours go on",
  async run({ draw, reference }) {
    await using stack = new AsyncDisposableStack();
    const [victim, neighbour] = (await serve("three")).map((server) => stack.use(server));
    const answer = fetch(probe(victim.origin)).then(answerOf).catch(() => undefined);
    await Promise.race([pause(draw.below(SPAN)), answer]);
    Deno.kill(victim.pid, "SIGKILL");
    const shown = await answer;
    hold(shown === undefined || shown.digest === reference.answer, `another map: ${shown?.text}`);
    const next = await answerOf(await fetch(probe(neighbour.origin)));
    hold(next.digest === reference.answer, `a neighbour makes another map: ${next.text}`);
  },
};

/** What a neighbour may do instead of its part. */
const MISCHIEF: readonly ((request: Request, round: Round) => Response | Promise<Response>)[] = [
  () => new Response("no", { status: 500 }),
  () => new Response("<h1>Welcome</h1>"),
  (_, { draw }) => new Response(Uint8Array.from({ length: 500 }, () => draw.below(256))),
  () => new Promise(() => {}),
  async (
    request,
  ) => (await request.bytes(), await pause(3000), new Response(null, { status: 503 })),
  () => new Response(null, { status: 404 }),
  () => new Response(new ReadableStream({ pull: (pipe) => pipe.error(new Error("cut")) })),
  // Of another network, it says so.
  () => new Response(JSON.stringify({ detail: "another file" }), { status: 422 }),
];

const badNeighbour: Scenario = {
  name: "bad-neighbour",
  summary: "a neighbour that answers garbage, hangs, is slow, breaks off or has another network",
  async run(round) {
    const answer = round.draw.pick(MISCHIEF);
    const stop = new AbortController();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: stop.signal },
      (request) => answer(request, round),
    );
    // Not by its end: an answer that hangs would be waited for.
    using _ = { [Symbol.dispose]: () => stop.abort() };
    const env: Readonly<Record<string, string>> = {
      FANOUT_URL: `http://127.0.0.1:${server.addr.port}`,
      FANOUT_SECRET: "a secret of the faults",
      INVOCATION_SECONDS: "5",
      BACKEND: "wasm",
    };
    const app = createApp(createServices(readConfig((name) => env[name]), modelCatalogue));
    const { digest, text } = await answerOf(await app.fetch(probe("http://localhost")));
    hold(digest === round.reference.answer, `another map: ${text}`);
  },
};

export const servers: readonly Scenario[] = [killedNeighbour, killedCoordinator, badNeighbour];
