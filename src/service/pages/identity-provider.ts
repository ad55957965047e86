import { createHash, randomBytes } from "node:crypto";
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from "jose";
import { z } from "zod";
import { readSettingsFile } from "../../progress/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";

const loopbackUrl = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;
const secureUrl = z.url().refine((url) => url.startsWith("https://") || loopbackUrl.test(url), {
  message: "is neither https nor this machine",
});

/** The identity provider of a site, as `progress/sign-in.json` names it. */
export const signInSchema = z.strictObject({
  issuer: secureUrl,
  client_id: z.string().min(1).max(500),
  client_secret: z.string().min(1).max(1000).optional(),
  /** Where the provider sends people back; must end in /app/sign-in/return. */
  redirect_uri: secureUrl.refine((url) => url.endsWith("/app/sign-in/return"), {
    message: "does not end in /app/sign-in/return",
  }),
  /** Audience of bearer tokens for the API; without it people use the pages only. */
  audience: z.string().min(1).max(500).optional(),
  name: z.string().min(1).max(100).default("your organisation"),
  /** One of these must stand in `amr`; an empty list asks for none. */
  mfa: z.array(z.string()).default(["mfa", "otp", "hwk", "swk"]),
});

export type SignInConfig = z.output<typeof signInSchema>;

/** The sign-in settings of a store's folder; undefined without the file. Throws `E_INPUT`, `E_FILE_UNREADABLE`. */
export const readSignIn = (path: string): SignInConfig | undefined => readSettingsFile(path, signInSchema);

const discoverySchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: secureUrl,
  token_endpoint: secureUrl,
  jwks_uri: secureUrl,
});
type Discovery = z.output<typeof discoverySchema>;

// Asymmetric ones alone: with a symmetric one who can check could also forge.
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
const waitMs = 10 * 60_000;
const mostWaiting = 1000;

type Waiting = { nonce: string; verifier: string; until: number };

const refused = (message: string, cause?: unknown): TrainingReadyError =>
  new TrainingReadyError("E_UNAUTHENTICATED", message, { cause });
const random = (): string => randomBytes(32).toString("base64url");

export type IdentityProvider = {
  name: string;
  issuer: string;
  /** Where to send a browser, and the state that it must bring back. */
  begin: () => Promise<{ url: string; state: string }>;
  /** The subject that the provider vouches for. Throws `E_UNAUTHENTICATED`. */
  finish: (
    query: { state?: string | undefined; code?: string | undefined },
    state: string | undefined,
  ) => Promise<string>;
  /** The subject of a bearer token for the API. Throws `E_UNAUTHENTICATED`. */
  subjectOf: (token: string) => Promise<string>;
};

/** OpenID Connect by authorization code with PKCE (openid.net/specs/openid-connect-core-1_0, RFC 7636). */
export function createIdentityProvider(
  config: SignInConfig,
  options: { now: () => number },
): IdentityProvider {
  const waiting = new Map<string, Waiting>();
  let discovered: Promise<{ meta: Discovery; keys: ReturnType<typeof createRemoteJWKSet> }> | undefined;

  const fetched = async (url: string, request: RequestInit): Promise<unknown> => {
    const reply = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(10_000), ...request });
    if (!reply.ok) throw refused("the identity provider refused");
    return await reply.json();
  };
  const discover = async () => {
    const url = `${config.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const meta = discoverySchema.parse(await fetched(url, {}));
    if (meta.issuer !== config.issuer) throw refused("the identity provider names another issuer");
    return { meta, keys: createRemoteJWKSet(new URL(meta.jwks_uri), { timeoutDuration: 10_000 }) };
  };
  const provider = async () => {
    discovered ??= discover();
    try {
      return await discovered;
    } catch (cause) {
      discovered = undefined; // tried anew at the next sign-in
      throw cause instanceof TrainingReadyError
        ? cause
        : refused("the identity provider cannot be reached", cause);
    }
  };
  const verified = async (token: string, audience: string): Promise<JWTPayload> => {
    const { keys } = await provider();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: config.issuer,
        audience,
        algorithms,
        requiredClaims: ["exp", "iat", "sub"],
        clockTolerance: 30,
        currentDate: new Date(options.now()),
      });
      if (protectedHeader.kid === undefined) throw refused("the token names no key");
      const methods = Array.isArray(payload["amr"]) ? (payload["amr"] as unknown[]) : [];
      if (config.mfa.length > 0 && !methods.some((one) => config.mfa.includes(String(one))))
        throw refused("the sign-in had a single factor");
      return payload;
    } catch (cause) {
      if (cause instanceof errors.JOSEError) throw refused("the token does not hold", cause);
      throw cause;
    }
  };

  return {
    name: config.name,
    issuer: config.issuer,
    async begin() {
      const { meta } = await provider();
      const now = options.now();
      for (const [state, one] of waiting)
        if (one.until < now || waiting.size >= mostWaiting) waiting.delete(state);
      const state = random();
      const one = { nonce: random(), verifier: random(), until: now + waitMs };
      waiting.set(state, one);
      const url = new URL(meta.authorization_endpoint);
      for (const [name, value] of Object.entries({
        response_type: "code",
        client_id: config.client_id,
        redirect_uri: config.redirect_uri,
        scope: "openid",
        state,
        nonce: one.nonce,
        code_challenge: createHash("sha256").update(one.verifier).digest("base64url"),
        code_challenge_method: "S256",
      }))
        url.searchParams.set(name, value);
      return { url: url.href, state };
    },
    async finish({ state, code }, expected) {
      const one = state === undefined || state !== expected ? undefined : waiting.get(state);
      if (state !== undefined) waiting.delete(state);
      if (one === undefined || code === undefined || one.until < options.now())
        throw refused("this sign-in was not begun here, or is too old");
      const { meta } = await provider();
      const answer = (await fetched(meta.token_endpoint, {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code,
          redirect_uri: config.redirect_uri,
          client_id: config.client_id,
          code_verifier: one.verifier,
          ...(config.client_secret === undefined ? {} : { client_secret: config.client_secret }),
        }),
      })) as { id_token?: unknown };
      if (typeof answer.id_token !== "string") throw refused("the identity provider gave no token");
      const payload = await verified(answer.id_token, config.client_id);
      if (payload["nonce"] !== one.nonce) throw refused("the token belongs to another sign-in");
      if (payload["azp"] !== undefined && payload["azp"] !== config.client_id)
        throw refused("the token was made for another client");
      return String(payload.sub);
    },
    async subjectOf(token) {
      if (config.audience === undefined) throw refused("bearer tokens of people are not accepted here");
      return String((await verified(token, config.audience)).sub);
    },
  };
}
