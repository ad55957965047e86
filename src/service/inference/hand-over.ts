import type { Handed, Outbox } from "../../inference/index.ts";
import type { RiskLevel } from "../../safety/index.ts";

/** What the tracker is told of a turn; the pair of session and turn makes it once. */
export type Detection = {
  client_id: string;
  session_id: string;
  turn: number;
  at: string;
  level: RiskLevel;
  categories: string[];
  policy: string | null;
};
export type TurnReport = Detection & {
  user: string;
  assistant: string | null;
  finish: "stop" | "length" | "content_filter" | "abort" | "error";
  model: string | null;
};

/**
 * The tracker, as a service sees it. `refused` is final (no consent, no such client); what it cannot take now it throws.
 * A detection that its store cannot take it keeps itself (`queued`).
 */
export type ProgressLink = {
  takeTurn: (tenant: string, turn: TurnReport) => "stored" | "refused";
  takeDetection: (tenant: string, detection: Detection) => "stored" | "queued" | "refused";
};

type Envelope<T> = { tenant: string; input: T };

/** The outbox's receiver over a link. */
export function receiverOf(link: ProgressLink): (kind: string, body: unknown) => "stored" | "refused" {
  return (kind, body) => {
    if (kind === "turn") {
      const { tenant, input } = body as Envelope<TurnReport>;
      return link.takeTurn(tenant, input);
    }
    const { tenant, input } = body as Envelope<Detection>;
    const outcome = link.takeDetection(tenant, input);
    return outcome === "queued" ? "stored" : outcome; // the tracker keeps it from here on
  };
}

export type HandOver = {
  /** Puts into the outbox; run it in the transaction of the turn. */
  put: (tenant: string, kind: "turn" | "detection", report: TurnReport | Detection, owner: string) => void;
  /** Hands over what waits and says what became of one turn. */
  deliver: (tenant: string, kind: "turn" | "detection", report: Detection) => Handed;
  /** For a detection that the outbox could not take. */
  straight: (tenant: string, detection: Detection) => Handed;
  /** Hands over what is due. */
  pump: () => void;
  waiting: () => number;
};

const keyOf = (tenant: string, { client_id, session_id, turn }: Detection): string =>
  JSON.stringify([tenant, client_id, session_id, turn]);

/** Hands turns and detections to the tracker through the outbox; without a tracker they wait in it. */
export function handOver(
  outbox: Outbox,
  link: ProgressLink | undefined,
  options: { indexOf: (key: string) => string; failed: (error: unknown) => void },
): HandOver {
  const indexed = (tenant: string, report: Detection): string => options.indexOf(keyOf(tenant, report));
  const pump = (): void => {
    try {
      outbox.deliver();
    } catch (error) {
      options.failed(error);
    }
  };
  return {
    put: (tenant, kind, report, owner) =>
      outbox.put({ kind, key: indexed(tenant, report), client: owner, body: { tenant, input: report } }),
    deliver(tenant, kind, report) {
      pump();
      return outbox.outcomeOf(kind, indexed(tenant, report)) ?? "queued";
    },
    straight(tenant, detection) {
      try {
        return link?.takeDetection(tenant, detection) ?? "queued";
      } catch (error) {
        options.failed(error);
        return "queued";
      }
    },
    pump,
    waiting: () => outbox.waiting(),
  };
}
