import { createHash, randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { tool, TrainingReadyError } from "../../shared/index.ts";
import { actOnTenant, type Call } from "../store/act.ts";
import { consentsOf, type Client } from "../store/clients.ts";
import { CellCount, leftOut, maskOf, personRows, withoutSmallCells, type PersonRow } from "./deidentify.ts";
import { streamedFromSnapshot, type Export } from "./export-stream.ts";

/** Persons behind every cell; CMS publishes none of 1 to 10 (CMS Cell Size Suppression Policy). */
export const leastPersons = 11;

export const deidentifiedSchema = z.strictObject({
  least: z.int().min(5).max(1000).default(leastPersons),
});

function consenting(call: Call): Client[] {
  const { store, principal } = call;
  const rows = store.database
    .prepare("SELECT id FROM clients WHERE tenant_id = ? ORDER BY id")
    .all(principal.tenantId) as { id: string }[];
  return rows
    .filter(({ id }) => consentsOf(store, principal.tenantId, id).research === "given")
    .map(({ id }) => ({ id, tenantId: principal.tenantId, external: "" }));
}

/**
 * The records of every client who consents to research, without ids, free text and true dates, as NDJSON. Each person
 * has a pseudonym and a shift of its days that hold for this export alone: their key is forgotten. A value that fewer
 * than `least` persons have is blanked, a sheet of so rare a questionnaire is left out; with fewer persons altogether
 * nothing is given (`E_TOO_FEW`).
 */
export function exportDeidentified(
  call: Call,
  options: z.output<typeof deidentifiedSchema>,
  key: Buffer = randomBytes(32),
): Export {
  const { least } = options;
  actOnTenant(call, "deidentified:read", () => undefined);
  return {
    mediaType: "application/x-ndjson; charset=utf-8",
    open: () =>
      streamedFromSnapshot(call, async (frozen) => {
        const people = consenting(frozen)
          .map((client) => ({ client, mask: maskOf(key, client.id) }))
          .toSorted((a, b) => (a.mask.person < b.mask.person ? -1 : 1));
        if (people.length < least)
          throw new TrainingReadyError(
            "E_TOO_FEW",
            `fewer than ${least} clients consent to research: single persons could be told apart`,
          );
        const cells = new CellCount();
        for (const { client, mask } of people) {
          cells.add(personRows(frozen, client, mask));
          await setImmediate(); // other requests are served in between
        }
        return pieces(frozen, people, cells, least);
      }),
  };
}

function* pieces(
  call: Call,
  people: readonly { client: Client; mask: ReturnType<typeof maskOf> }[],
  cells: CellCount,
  least: number,
): Generator<string> {
  const hash = createHash("sha256");
  const line = (value: unknown): string => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  };
  const models = cells.models(least);
  const counts: Record<string, number> = {};
  const suppressed = { rows: 0, values: 0 };
  yield line({ record: "head", version: 1, tool, kind: "de-identified", least, left_out: leftOut });
  for (const { client, mask } of people) {
    for (const row of personRows(call, client, mask)) {
      const { row: kept, blanked } = withoutSmallCells(row, cells, models, least);
      suppressed.values += blanked;
      if (kept === null) {
        suppressed.rows += 1;
        continue;
      }
      counts[kept.record] = (counts[kept.record] ?? 0) + 1;
      const { record, day, ...fields }: PersonRow = kept;
      yield line({ record, person: mask.person, day, ...fields });
    }
  }
  const sha256 = hash.copy().digest("hex");
  yield line({
    record: "end",
    persons: people.length,
    counts,
    suppressed,
    remaining_risk:
      "days are shifted, intervals are true: who knows a person's course can find it again; pass the file on under an agreement only",
    sha256,
  });
}
