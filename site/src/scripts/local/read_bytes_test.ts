import { expect, test } from "vitest";
import { readBytes } from "./read_bytes.ts";

/** An answer that comes in parts. */
function inParts(parts: readonly number[][], headers: Record<string, string>): Response {
  const body = ReadableStream.from(parts.map((part) => Uint8Array.from(part)));
  return new Response(body, { headers });
}

test("bytes are told of while they come", async () => {
  const seen: [number, number][] = [];
  const response = inParts([[1, 2], [3], [4, 5]], { "Content-Length": "5" });
  const bytes = await readBytes(response, (...told) => seen.push(told));
  expect([...bytes]).toEqual([1, 2, 3, 4, 5]);
  expect(seen).toEqual([[0, 5], [2, 5], [3, 5], [5, 5]]);
});

test.each<Record<string, string>>([{}, { "Content-Length": "2", "Content-Encoding": "br" }])(
  "an answer of unknown length is read as well: %j",
  async (headers) => {
    expect([...await readBytes(inParts([[1, 2], [3]], headers))]).toEqual([1, 2, 3]);
  },
);

test.each([[[1, 2]], [[1, 2], [3, 4]]])(
  "an answer of another length is refused",
  async (...parts) => {
    const response = inParts(parts, { "Content-Length": "3" });
    await expect(readBytes(response)).rejects.toThrow("it has other than the 3 bytes it says");
  },
);
