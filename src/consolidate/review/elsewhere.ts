import { html, type Content } from "../../shared/index.ts";
import type { ConsolidationRecord } from "../record.ts";
import { code, count, table, type Caps } from "./pieces.ts";

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Data sets that are not in the repository, with their pointers, and what a listing holds that is only there. */
export function elsewhereSection({ data, elsewhere }: ConsolidationRecord, caps: Caps): Content {
  const pointed = data.filter(({ action, to }) => action === "pointer" && to !== undefined);
  return html`<p>
      ${count(data.length, "data set")} that the repository speaks of and does not hold: ${pointed.length}
      with the address of a copy, ${data.length - pointed.length} without.
    </p>
    ${
      data.length > 0 &&
      table(
        ["Data set", "Its copy", "Named", "Because"],
        data.map(({ name, action, to, mentions, because }) => [
          code(name),
          action === "pointer" && to !== undefined ? code(to) : "no address known",
          count(mentions, "time"),
          because.join("; "),
        ]),
        caps,
      )
    }
    ${
      elsewhere !== undefined &&
      html`<h3>Listing of ${code(elsewhere.base)}</h3>
        <p>
          ${count(elsewhere.files, "file")} listed: ${elsewhere.identical} identical to one here,
          ${elsewhere.sameNameAndSize} of the same name and size (no shared hash), ${elsewhere.onlyThere} only
          there (${megabytes(elsewhere.onlyThereBytes)}). Nothing of it was moved.
        </p>
        ${
          elsewhere.list.length > 0 &&
          table(
            ["Only there", "Size"],
            elsewhere.list.map(({ path, bytes }) => [
              code(path),
              bytes === null ? "unknown" : megabytes(bytes),
            ]),
            caps,
          )
        }`
    }`;
}
