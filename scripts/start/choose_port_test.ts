import { expect, test } from "vitest";
import { choosePort } from "./choose_port.ts";

test("choosePort() takes the port that was requested, or the next one", () => {
  expect(choosePort(8000, "127.0.0.1", () => true)).toBe(8000);
  expect(choosePort(8000, "127.0.0.1", (port) => port > 8002)).toBe(8003);
  expect(() => choosePort(8000, "127.0.0.1", () => false)).toThrow("8000 to 8020 are all taken");
});

test("choosePort() steps over a port that somebody listens at", () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  expect(choosePort(listener.addr.port, "127.0.0.1")).toBeGreaterThan(listener.addr.port);
});

test("choosePort() says what is wrong with a host that is not there", () => {
  expect(() => choosePort(8000, "999.1.1.1")).toThrow("Cannot start: HOST 999.1.1.1 and PORT 8000");
});
