import { BACKWARD_RULES, throughRectifier } from "../gallery/backward_rules.ts";
import { element } from "./element.ts";

/** Numbers that somebody may put in. */
const MOST = 99;

const root = element("backward-passes", HTMLElement);
const [input, gradient] = ["input", "gradient"].map((id) =>
  editable(root.querySelector<HTMLTableElement>(`[data-given="${id}"]`)!)
);
element("backward-hint", HTMLElement).hidden = false;

/** Makes every cell of a table a field. */
function editable(table: HTMLTableElement): HTMLInputElement[][] {
  const name = table.caption!.textContent;
  return [...table.rows].map((row, y) =>
    [...row.cells].map((cell, x) => {
      const field = document.createElement("input");
      field.type = "number";
      [field.min, field.max] = [String(-MOST), String(MOST)];
      field.value = cell.textContent!.replace("−", "-");
      field.setAttribute("aria-label", `${name}, row ${y + 1}, column ${x + 1}`);
      field.addEventListener("input", draw);
      cell.replaceChildren(field);
      return field;
    })
  );
}

/** A field that holds no number counts as zero. */
const numbersOf = (fields: readonly HTMLInputElement[][]) =>
  fields.map((row) => row.map(({ valueAsNumber }) => valueAsNumber || 0));

function draw(): void {
  for (const rule of BACKWARD_RULES) {
    const table = root.querySelector<HTMLTableElement>(`[data-rule="${rule.id}"]`)!;
    const rows = throughRectifier(rule, numbersOf(input), numbersOf(gradient));
    for (const [y, row] of rows.entries()) {
      for (const [x, value] of row.entries()) {
        const cell = table.rows[y].cells[x];
        cell.textContent = String(value).replace("-", "−");
        cell.classList.toggle("none", value === 0);
      }
    }
  }
}
