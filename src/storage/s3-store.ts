import { createHash, createHmac } from "node:crypto";
import { TrainingReadyError } from "../shared/index.ts";
import { defaultRemote } from "./http-store.ts";
import { readRemote, statRemote, type RemoteOptions } from "./remote-read.ts";
import type { Store } from "./store.ts";

export type S3Access = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  region: string;
  /** Base URL of an S3-compatible service; absent: Amazon's. */
  endpoint?: string | undefined;
};

/** Credentials and endpoint by the variables that S3 tools share. Throws `E_DATA_SOURCE_MISSING`. */
export function s3AccessFrom(environment: NodeJS.ProcessEnv): S3Access {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey) {
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", "an s3:// source needs credentials", {
      exitCode: 1,
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL_S3 for a service of your own.",
    });
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: environment["AWS_SESSION_TOKEN"] || undefined,
    region: environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "us-east-1",
    endpoint: environment["AWS_ENDPOINT_URL_S3"] || environment["AWS_ENDPOINT_URL"] || undefined,
  };
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const emptyBody = hex("");

/** RFC 3986 encoding of a key, slashes kept, as Signature Version 4 wants it. */
export const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const encodePart = (text: string): string => encodeKey(text).replaceAll("/", "%2F");

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => [encodePart(name), encodePart(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Headers of a request, signed by AWS Signature Version 4. */
export function signedHeaders(
  request: { method: string; url: URL; headers: Record<string, string> },
  access: S3Access,
  now: Date,
  bodyHash = emptyBody,
): Record<string, string> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    "x-amz-content-sha256": bodyHash,
    "x-amz-date": time,
    ...(access.sessionToken === undefined ? {} : { "x-amz-security-token": access.sessionToken }),
  };
  const names = Object.keys(headers).sort((a, b) => (a < b ? -1 : 1));
  const canonical = [
    request.method,
    request.url.pathname,
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${(headers[name] as string).trim()}`),
    "",
    names.join(";"),
    bodyHash,
  ].join("\n");
  const scope = `${day}/${access.region}/s3/aws4_request`;
  const key = [day, access.region, "s3", "aws4_request"].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    `AWS4${access.secretAccessKey}`,
  );
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hex(canonical)}`).toString("hex");
  const { host: _, ...sent } = headers; // the client sets it
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${access.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

export function s3Url(uri: string, access: S3Access): URL {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/i.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new TrainingReadyError("E_DATA_SOURCE_MISSING", `${uri} is not of the form s3://bucket/key`, {
      exitCode: 1,
    });
  }
  const base = access.endpoint ?? `https://s3.${access.region}.amazonaws.com`;
  return new URL(`${base.replace(/\/$/, "")}/${bucket}/${encodeKey(key)}`);
}

/** Objects of S3 and of services that speak its protocol, by `s3://bucket/key`, path style. */
export function s3Store(access: S3Access, remote: Partial<RemoteOptions> = {}): Store {
  const options: RemoteOptions = {
    ...defaultRemote,
    ...remote,
    sign: (request) => signedHeaders(request, access, new Date()),
  };
  return {
    stat: (uri) => statRemote(s3Url(uri, access), options),
    read: (uri, range = { start: 0 }) => readRemote(s3Url(uri, access), range, options),
  };
}
