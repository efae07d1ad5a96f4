import { expect, test } from "vitest";
import { readBody } from "./read_body.ts";

const limits = (bytes: number, seconds = 10, stall = 10) => ({
  MAX_BODY_BYTES: bytes,
  UPLOAD_SECONDS: seconds,
  STALL_SECONDS: stall,
});

const post = (body: BodyInit, headers: HeadersInit = {}) =>
  new Request("http://localhost/", { method: "POST", body, headers });

/** A body of `chunks` kilobytes that counts how many were asked for. */
function stream(chunks: number) {
  let sent = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (sent++ < chunks) controller.enqueue(new Uint8Array(1024));
      else controller.close();
    },
  });
  return { body, sent: () => sent };
}

test("readBody() reads what is small enough", async () => {
  expect(await readBody(post(stream(3).body), limits(3072))).toHaveLength(3072);
  expect(await readBody(new Request("http://localhost/"), limits(1))).toHaveLength(0);
});

test("readBody() stops at the limit, whatever the Content-Length says", async () => {
  const { body, sent } = stream(1_000);
  const request = post(body, { "Content-Length": "10" });
  await expect(readBody(request, limits(4096))).rejects.toMatchObject({ kind: "too-large" });
  expect(sent()).toBeLessThan(10);
});

test("readBody() does not begin what says it is too large", async () => {
  const { body, sent } = stream(1_000);
  const request = post(body, { "Content-Length": "1024000" });
  await expect(readBody(request, limits(4096))).rejects.toThrow(
    "larger than the 4096 bytes allowed",
  );
  expect(sent()).toBeLessThan(3);
});

test("readBody() says when an upload breaks off", async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new Error("reset")),
  });
  await expect(readBody(post(body), limits(10))).rejects.toMatchObject({ kind: "bad-request" });
});

test("readBody() gives up an upload that does not move, long before its whole time", async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
  await expect(readBody(post(body), limits(10, 1000, 1))).rejects.toMatchObject({
    kind: "too-slow",
    message: "The upload did not move for 1 seconds",
  });
});

test("readBody() does not wait for an upload that hardly moves", async () => {
  let over = false;
  const body = new ReadableStream({ cancel: () => void (over = true) });
  await expect(readBody(post(body), limits(10, 1))).rejects.toMatchObject({
    kind: "too-slow",
    message: "The upload did not end within 1 seconds",
  });
  expect(over).toBe(true);
});
