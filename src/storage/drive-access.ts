import { createSign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { TrainingReadyError } from "../shared/index.ts";

export type DriveAccess = {
  /** Base URL of the API. */
  endpoint: string;
  /** A token that somebody else renews. */
  token?: string | undefined;
  /** Path of a service account's key file. */
  keyFile?: string | undefined;
};

/** Access to Google Drive: `GOOGLE_APPLICATION_CREDENTIALS` or `GOOGLE_ACCESS_TOKEN`; `TRAINING_READY_DRIVE_URL` moves the API. */
export function driveAccessFrom(environment: NodeJS.ProcessEnv): DriveAccess {
  const access: DriveAccess = {
    endpoint: (environment["TRAINING_READY_DRIVE_URL"] || "https://www.googleapis.com").replace(/\/+$/, ""),
    token: environment["GOOGLE_ACCESS_TOKEN"] || undefined,
    keyFile: environment["GOOGLE_APPLICATION_CREDENTIALS"] || undefined,
  };
  if (access.token === undefined && access.keyFile === undefined) {
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", "a gdrive:// source needs credentials", {
      exitCode: 1,
      hint: "Set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file, or GOOGLE_ACCESS_TOKEN.",
    });
  }
  return access;
}

type KeyFile = { client_email: string; private_key: string; token_uri: string };

async function readKey(path: string): Promise<KeyFile> {
  const refuse = (said: string): TrainingReadyError =>
    new TrainingReadyError("E_DATA_SOURCE_MISSING", `${path} ${said}`, {
      exitCode: 1,
      hint: "GOOGLE_APPLICATION_CREDENTIALS names the JSON key of a service account.",
    });
  const text = await readFile(path, "utf8").catch(() => {
    throw refuse("cannot be read");
  });
  let key: Partial<KeyFile>;
  try {
    key = JSON.parse(text) as Partial<KeyFile>;
  } catch {
    throw refuse("is no JSON");
  }
  const { client_email, private_key, token_uri } = key;
  if (typeof client_email !== "string" || typeof private_key !== "string" || typeof token_uri !== "string")
    throw refuse("is no service account's key");
  return { client_email, private_key, token_uri };
}

const base64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const readScope = "https://www.googleapis.com/auth/drive.readonly";
/** What a service account asks for where files are also written. */
export const writeScope = "https://www.googleapis.com/auth/drive";
const spareMs = 60_000;

/** Bearer tokens: the given one, or one of a service account's, asked for anew before or when it runs out (RFC 7523). */
export class DriveTokens {
  private readonly access: DriveAccess;
  private readonly fetch: typeof fetch;
  private current: { token: string; until: number } | undefined;

  private readonly scope: string;

  constructor(access: DriveAccess, fetcher: typeof fetch, scope: string = readScope) {
    this.access = access;
    this.scope = scope;
    this.fetch = fetcher;
  }

  /** True if a new token can be had. */
  get canRenew(): boolean {
    return this.access.keyFile !== undefined;
  }

  drop(): void {
    this.current = undefined;
  }

  async bearer(): Promise<string> {
    if (this.access.keyFile === undefined) return this.access.token as string;
    if (this.current !== undefined && this.current.until > Date.now()) return this.current.token;
    const key = await readKey(this.access.keyFile);
    const now = Math.floor(Date.now() / 1000);
    const claim = { iss: key.client_email, scope: this.scope, aud: key.token_uri, iat: now, exp: now + 3600 };
    const unsigned = `${base64Url({ alg: "RS256", typ: "JWT" })}.${base64Url(claim)}`;
    let signature: string;
    try {
      signature = createSign("RSA-SHA256").update(unsigned).sign(key.private_key, "base64url");
    } catch (cause) {
      throw new TrainingReadyError(
        "E_DATA_SOURCE_MISSING",
        `${this.access.keyFile} holds no usable private key`,
        {
          exitCode: 1,
          cause,
        },
      );
    }
    const response = await this.fetch(key.token_uri, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: `${unsigned}.${signature}`,
      }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const { access_token: token, expires_in: seconds } = (answer ?? {}) as Record<string, unknown>;
    if (!response.ok || typeof token !== "string") {
      throw new TrainingReadyError(
        "E_DATA_SOURCE_MISSING",
        `${new URL(key.token_uri).host} gives no token: it answered ${response.status}`,
        { exitCode: 1, hint: "Check that the service account's key is valid and not withdrawn." },
      );
    }
    const lifeMs = typeof seconds === "number" ? seconds * 1000 : 0;
    this.current = { token, until: Date.now() + Math.max(0, lifeMs - spareMs) };
    return token;
  }
}
