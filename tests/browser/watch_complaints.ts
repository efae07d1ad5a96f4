import type { Page } from "playwright-core";

/** What a page complains of from now on: errors that it does not catch, and lines of its console. */
export function watchComplaints(
  page: Page,
  isExpected: (text: string) => boolean = () => false,
): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error" && !isExpected(line.text())) complaints.push(line.text());
  });
  return complaints;
}
