import { expect, test } from "vitest";
import { supportedSignals } from "./signals.ts";

test("supportedSignals() leaves out what Windows does not know", () => {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  expect(supportedSignals(signals, "windows")).toEqual(["SIGINT"]);
  expect(supportedSignals(signals, "linux")).toEqual(signals);
});
