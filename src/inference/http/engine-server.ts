import { TrainingReadyError } from "../../shared/index.ts";

export type Json = Record<string, unknown>;

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

const connectMs = 10_000;
const askMs = 5000;

/** Base of a server: the URL with or without `/v1`. Throws `E_SERVE_ENGINE`. */
export function engineBase(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new TrainingReadyError("E_SERVE_ENGINE", "the engine's URL is no URL", { cause });
  }
  if (!["http:", "https:"].includes(parsed.protocol) || parsed.username !== "" || parsed.search !== "")
    throw new TrainingReadyError(
      "E_SERVE_ENGINE",
      "the engine's URL must be plain http or https, without a name or query",
    );
  return `${parsed.origin}${parsed.pathname.replace(/\/(?:v1\/?)?$/u, "")}`;
}

/** A server's side routes, beside the streamed one: short questions that may go unanswered. */
export type EngineServer = {
  base: string;
  /** What a route answers, JSON or text; undefined unless it is a 2xx within five seconds. */
  ask: (path: string, body?: Json) => Promise<unknown>;
};

export function engineServer(base: string): EngineServer {
  return {
    base,
    async ask(path, body) {
      try {
        const response = await fetch(`${base}${path}`, {
          signal: AbortSignal.timeout(askMs),
          ...(body === undefined
            ? {}
            : {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(body),
              }),
        });
        const text = await response.text();
        if (!response.ok) return undefined;
        try {
          return JSON.parse(text) as unknown;
        } catch {
          return text;
        }
      } catch {
        return undefined;
      }
    },
  };
}

export type ListedModel = { id: string; owner: string; context: number | undefined };

/** The models of a server. Throws `E_SERVE_ENGINE`. */
export async function listModels(base: string): Promise<ListedModel[]> {
  const fail = (message: string, cause?: unknown): never => {
    throw new TrainingReadyError("E_SERVE_ENGINE", message, { cause, exitCode: 2 });
  };
  let body: unknown;
  try {
    const response = await fetch(`${base}/v1/models`, { signal: AbortSignal.timeout(connectMs) });
    if (!response.ok) fail(`the engine answers GET /v1/models with ${response.status}`);
    body = await response.json();
  } catch (cause) {
    if (cause instanceof TrainingReadyError) throw cause;
    fail(`nothing answers GET /v1/models at ${base}`, cause);
  }
  const data = isJson(body) && Array.isArray(body["data"]) ? body["data"].filter(isJson) : [];
  const models = data
    .filter((one) => typeof one["id"] === "string")
    .map((one) => ({
      id: textOf(one["id"]),
      owner: textOf(one["owned_by"]),
      context: numberOf(one["max_model_len"]),
    }));
  return models.length > 0 ? models : fail("the engine lists no model");
}
