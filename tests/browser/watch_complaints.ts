import type { Page } from "playwright-core";

/** Chromium logs it where a request waits for its turn; the page asks again. */
const WAITS = /status of 429 /;

/** What a page complains of from now on: errors that it does not catch, and lines of its console. */
export function watchComplaints(
  page: Page,
  isExpected: (text: string) => boolean = () => false,
): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    const text = line.text();
    if (line.type() === "error" && !WAITS.test(text) && !isExpected(text)) complaints.push(text);
  });
  return complaints;
}
