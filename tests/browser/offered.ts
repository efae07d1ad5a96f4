import type { Page } from "playwright-core";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";

/** The array of a result that the Try page offers as a file. */
export async function offered(page: Page, name: string): Promise<Tensor> {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  return decodeNpy(await Deno.readFile(await (await download).path()));
}
