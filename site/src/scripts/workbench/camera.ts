import { element } from "../element.ts";
import type { LayerJob, LayerReply, LayerView } from "../local/layer_worker.ts";

/** What a frame of the camera is looked at through. */
export type LiveView = Omit<LayerJob, "image">;

export interface LiveFrame extends LayerView {
  /** Mean over the last frames. */
  readonly framesPerSecond: number;
}

export interface CameraHandlers {
  /** Told when it is asked for: whatever else is shown gives way. */
  onStart(): void;
  /** What to look through now; asked before each frame. */
  view(): Promise<LiveView>;
  onFrame(frame: LiveFrame): void;
  /** Told of the last frame as soon as the camera is given back. */
  onPicture(picture: Blob): void;
  onError(error: unknown): void;
}

/** The camera as a source of images: its light goes out when it is paused, hidden or left. */
export class Camera {
  readonly #button = element("camera", HTMLButtonElement);
  readonly #video = element("video", HTMLVideoElement);
  #stream: MediaStream | undefined;
  #worker: Worker | undefined;
  /** How often it was given back: who allows the camera later than that does not turn it on. */
  #stops = 0;

  constructor(readonly handlers: CameraHandlers) {
    this.#button.hidden = navigator.mediaDevices === undefined;
    this.#button.addEventListener("click", () => this.isOn ? this.take() : this.#start());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    addEventListener("pagehide", () => this.stop());
  }

  get isOn(): boolean {
    return this.#stream !== undefined;
  }

  /** Gives the camera back, and hands on what it saw last. */
  async take(): Promise<void> {
    const hasSeen = this.isOn && this.#video.videoWidth > 0;
    const picture = hasSeen ? await this.#frame() : undefined;
    this.stop();
    if (picture) this.handlers.onPicture(picture);
  }

  /** Gives the camera back. */
  stop(): void {
    this.#stops++;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    // Its network goes with it, and the answer to a frame that nobody waits for any more.
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#video.pause();
    this.#video.hidden = true;
    this.#button.textContent = "Camera";
  }

  async #start(): Promise<void> {
    this.#button.disabled = true;
    this.handlers.onStart();
    const stops = this.#stops;
    try {
      const side = { ideal: 640 };
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { width: side, height: side, facingMode: "environment" },
      });
      if (stops !== this.#stops) return stream.getTracks().forEach((track) => track.stop());
      this.#stream = stream;
      this.#video.srcObject = stream;
      this.#video.hidden = false;
      await this.#video.play();
      if (stops !== this.#stops) return;
      this.#button.textContent = "Take this picture";
      this.#look(stream);
    } catch (error) {
      if (stops !== this.#stops) return;
      this.stop();
      this.handlers.onError(error);
    } finally {
      this.#button.disabled = false;
    }
  }

  /** Frame after frame, each when the one before is done. */
  async #look(stream: MediaStream): Promise<void> {
    let mean = 0;
    try {
      while (this.#stream === stream) {
        const started = performance.now();
        const view = await this.handlers.view();
        const reply = await this.#ask({ ...view, image: await this.#frame() });
        if (this.#stream !== stream) return;
        const milliseconds = performance.now() - started;
        mean = mean === 0 ? milliseconds : 0.9 * mean + 0.1 * milliseconds;
        this.handlers.onFrame({ ...reply, framesPerSecond: 1000 / mean });
      }
    } catch (error) {
      if (this.#stream !== stream) return;
      this.stop();
      this.handlers.onError(error);
    }
  }

  /** The middle square of what the camera sees. */
  async #frame(): Promise<Blob> {
    const { videoWidth, videoHeight } = this.#video;
    const side = Math.min(videoWidth, videoHeight);
    const canvas = new OffscreenCanvas(side, side);
    const [left, top] = [(videoWidth - side) / 2, (videoHeight - side) / 2];
    canvas.getContext("2d")!.drawImage(this.#video, left, top, side, side, 0, 0, side, side);
    return await canvas.convertToBlob({ type: "image/png" });
  }

  #ask(job: LayerJob): Promise<LayerView> {
    const worker = this.#worker ??= new Worker(
      new URL("../local/layer_worker.ts", import.meta.url),
      { type: "module" },
    );
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<LayerReply>) => {
        if ("failure" in data) reject(new Error(data.failure));
        else resolve(data);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(job);
    });
  }
}

/** What is wrong with a camera, for a person. */
export function cameraProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  return PROBLEMS[name] ?? (error instanceof Error ? error.message : String(error));
}

const PROBLEMS: Readonly<Record<string, string>> = {
  NotAllowedError: "The camera was refused: allow it for this page, and start again.",
  NotFoundError: "There is no camera here.",
  NotReadableError: "The camera is in use elsewhere: close what uses it, and start again.",
};
