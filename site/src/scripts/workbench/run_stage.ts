import type { RunEvent, RunResult } from "../../../../shared/api/mod.ts";
import { type Backend, BACKEND_TITLES } from "../../../../shared/runtime/backend.ts";
import { offerDownloads } from "../downloads.ts";
import { element } from "../element.ts";
import { MapStage } from "../map_stage.ts";
import { PlainStage } from "../plain_stage.ts";
import type { Opening } from "../local/opened_file.ts";
import type { ChannelStage } from "./channel_stage.ts";
import { inTime } from "./cost.ts";
import type { ResultSource } from "./result_source.ts";
import type { SimilarityStage } from "./similarity_stage.ts";

/** A screen reader hears so many parts of a run, not every step. */
const ANNOUNCED = [0.05, 0.25, 0.5, 0.75];

const MEGABYTE = 1e6;

/** Shows a run while it goes on, and any result. */
export class RunStage {
  readonly #bar = element("bar", HTMLProgressElement);
  readonly #status = element("status", HTMLElement);
  readonly #alert = element("alert", HTMLElement);
  readonly #result = element("result", HTMLElement);
  readonly #downloads = element("downloads", HTMLElement);
  readonly #map = new MapStage();
  readonly #plain = new PlainStage(element("plain-result", HTMLElement));
  /** How often something has been shown: what is read meanwhile may come too late. */
  #turn = 0;
  #isRunning = false;

  constructor(readonly channels: ChannelStage, readonly similar: SimilarityStage) {}

  /** A run has been asked for. What is shown stays until there is something new. */
  begin(): void {
    this.#isRunning = true;
    this.#alert.hidden = true;
    this.#bar.hidden = false;
    this.#bar.removeAttribute("value");
    this.say("Getting ready …");
  }

  /** How much of a network has come, for a run or before any. */
  opening({ done, total }: Opening): void {
    const isHere = done === total;
    this.#bar.hidden = isHere && !this.#isRunning;
    this.#bar.max = total;
    if (isHere) this.#bar.removeAttribute("value");
    else this.#bar.value = done;
    const size = `${(total / MEGABYTE).toFixed(1)} MB`;
    if (done === 0) this.say(`Loading the network, ${size} …`);
    if (isHere) this.say(`The network is here, ${size}.`);
  }

  /** Whoever waited for a network does no longer. */
  endOpening(): void {
    if (this.#isRunning || this.#bar.hidden) return;
    this.#bar.hidden = true;
    this.say("");
  }

  end(): void {
    this.#isRunning = false;
    this.#bar.hidden = true;
  }

  say(text: string): void {
    this.#status.textContent = text;
  }

  fail(title: string, detail: string): void {
    element("alert-title", HTMLElement).textContent = title;
    element("alert-detail", HTMLElement).textContent = detail;
    this.#alert.hidden = false;
    this.say("");
  }

  /** Whatever was wrong is over. */
  forgive(): void {
    this.#alert.hidden = true;
  }

  /**
   * Shows what comes of a run.
   *
   * @returns Its result; undefined if it ended without one.
   */
  async follow(
    events: AsyncIterable<RunEvent>,
    source: ResultSource,
  ): Promise<RunResult | undefined> {
    let isMap = false;
    let announced = 0;
    let started = performance.now();
    for await (const event of events) {
      if (event.type === "start") {
        this.#bar.max = event.total;
        this.#bar.value = 0;
        this.say(`${event.total} ${event.unit} to go.`);
        started = performance.now();
        if (event.occlusion) {
          await this.#map.begin(event.occlusion);
          isMap = true;
          this.#only("map");
        }
      } else if (event.type === "progress") {
        this.#bar.value = event.done;
        if (event.occlusion) this.#map.add(event.occlusion);
        if (event.preview && !isMap) {
          this.#only("plain");
          this.#plain.preview(event.preview);
        }
        const { done, total, unit } = event;
        const reached = ANNOUNCED.filter((share) => done >= share * total).length;
        if (reached > announced && done < total) {
          announced = reached;
          const left = (performance.now() - started) * (total / done - 1);
          this.say(`${done} of ${total} ${unit}, ${inTime(left)} left.`);
        }
      } else if (event.type === "result") {
        if (isMap) {
          // An earlier result may have been looked at meanwhile.
          this.#offer(event.result);
          this.#only("map");
        } else await this.show(event.result, source);
        return event.result;
      }
    }
    return undefined;
  }

  /** Shows a result, in the way of its method. */
  async show(result: RunResult, source: ResultSource): Promise<void> {
    const turn = ++this.#turn;
    this.#offer(result);
    const { method } = result;
    const channels = method === "activations"
      ? await this.channels.read(result, source)
      : undefined;
    const positions = method === "similarity" ? await this.similar.read(result, source) : undefined;
    if (turn !== this.#turn) return;
    if (channels) {
      this.#only("channels");
      return this.channels.show(channels);
    }
    this.#only("plain");
    if (positions) this.similar.show(positions);
    this.#plain.show(result);
  }

  /** What the camera sees stands alone. */
  showLive(): void {
    this.#downloads.hidden = true;
    this.#only("channels");
  }

  /** @param isLocal Whether it was computed in this browser. */
  sayDone({ milliseconds, backend }: RunResult, isLocal: boolean): void {
    this.say(
      `Done in ${(milliseconds / 1000).toFixed(1)} s on ${BACKEND_TITLES[backend as Backend]}` +
        (isLocal ? ", in this browser." : "."),
    );
  }

  #offer(result: RunResult): void {
    offerDownloads(element("files", HTMLElement), result);
    this.#downloads.hidden = false;
  }

  #only(shown: "map" | "plain" | "channels"): void {
    this.#turn++;
    this.#result.hidden = shown !== "map";
    this.similar.hide();
    if (shown !== "plain") this.#plain.hide();
    if (shown !== "channels") this.channels.hide();
  }
}
