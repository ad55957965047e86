import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";

/** An identity provider with real keys, on loopback; the next token's claims and signer are the test's to change. */
export type Issuer = {
  url: string;
  next: {
    claims: JWTPayload;
    header: Record<string, unknown>;
    sign?: (claims: JWTPayload) => Promise<string>;
  };
  token: (claims: JWTPayload, header?: Record<string, unknown>) => Promise<string>;
  foreign: (claims: JWTPayload) => Promise<string>;
  publicKey: () => Promise<Uint8Array>;
  challenges: Map<string, string>;
  close: () => Promise<void>;
};

export async function startIssuer(): Promise<Issuer> {
  const own = await generateKeyPair("RS256", { extractable: true });
  const other = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(own.publicKey)), kid: "k1", use: "sig", alg: "RS256" };
  const nonces = new Map<string, string>();
  const issuer: Issuer = {
    url: "",
    next: { claims: {}, header: {} },
    token: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1", ...header }).sign(own.privateKey),
    foreign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(other.privateKey),
    publicKey: async () => new TextEncoder().encode(JSON.stringify(jwk)),
    challenges: new Map(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", issuer.url);
    const json = (body: unknown): void => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    };
    if (url.pathname === "/.well-known/openid-configuration")
      return json({
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
        jwks_uri: `${issuer.url}/keys`,
      });
    if (url.pathname === "/keys") return json({ keys: [jwk] });
    if (url.pathname === "/authorize") {
      const code = `code-${nonces.size}`;
      nonces.set(code, url.searchParams.get("nonce") ?? "");
      issuer.challenges.set(code, url.searchParams.get("code_challenge") ?? "");
      const back = new URL(url.searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", url.searchParams.get("state") ?? "");
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const fields = new URLSearchParams(Buffer.concat(chunks).toString());
      const code = fields.get("code") ?? "";
      void sha256(fields.get("code_verifier") ?? "").then(async (challenge) => {
        if (challenge !== issuer.challenges.get(code)) {
          response.writeHead(400).end("{}");
          return;
        }
        const now = Math.floor(Date.now() / 1000);
        const claims = {
          iss: issuer.url,
          aud: "tracker",
          sub: "person-1",
          iat: now,
          exp: now + 300,
          amr: ["pwd", "mfa"],
          nonce: nonces.get(code),
          ...issuer.next.claims,
        };
        const id_token = await (issuer.next.sign ?? ((all) => issuer.token(all, issuer.next.header)))(claims);
        json({ id_token, token_type: "Bearer" });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return issuer;
}

async function sha256(text: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(text).digest("base64url");
}
