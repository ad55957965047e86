import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  noteFailedSignIn,
  principalBySubject,
  type GroupCommit,
  type Principal,
  type Store,
} from "../../progress/index.ts";
import { html, TrainingReadyError } from "../../shared/index.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { framed, trackerPolicy } from "./layout.ts";

/** How people are known: by the token of a principal, or by the site's identity provider. */
export type PeopleSignIn = { byToken: boolean; provider: IdentityProvider | undefined };

export type StartSignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  principal: Principal,
) => Promise<void>;

const stateCookie = "training_ready_state";

const setState = (request: FastifyRequest, value: string, seconds: number): string =>
  // Lax: the provider's redirect comes from another site and must bring it along.
  `${stateCookie}=${value}; Path=/app/sign-in; HttpOnly; SameSite=Lax; Max-Age=${seconds}${request.protocol === "https" ? "; Secure" : ""}`;

/** The way to the identity provider and back. */
export function addProviderSignIn(
  pages: FastifyInstance,
  options: { store: Store; commits: GroupCommit; provider: IdentityProvider; startSignIn: StartSignIn },
): void {
  const { store, commits, provider, startSignIn } = options;
  pages.get("/app/sign-in/provider", async (request, reply) => {
    const { url, state } = await provider.begin();
    return reply.header("set-cookie", setState(request, state, 600)).redirect(url, 303);
  });
  pages.get("/app/sign-in/return", async (request, reply) => {
    const { state, code } = request.query as { state?: string; code?: string };
    const kept = new RegExp(`(?:^|; ?)${stateCookie}=([\\w-]+)`).exec(request.headers.cookie ?? "")?.[1];
    try {
      const subject = await provider.finish({ state, code }, kept);
      const person = principalBySubject(store, provider.issuer, subject);
      if (person === undefined)
        throw new TrainingReadyError("E_UNAUTHENTICATED", "nobody here has this identity");
      await startSignIn(request, reply, person);
    } catch (error) {
      if (!(error instanceof TrainingReadyError) || error.code !== "E_UNAUTHENTICATED") throw error;
      await commits.run(() => noteFailedSignIn(store));
      const body = html`<h1>Sign in</h1>
        <p role="alert">${error.message}</p>
        <p><a href="/app/sign-in">Try again</a></p>`;
      return reply
        .code(401)
        .type("text/html; charset=utf-8")
        .header("content-security-policy", trackerPolicy)
        .send(framed({ title: "Sign in", links: [] }, body));
    }
    // A redirect from another site would leave the strict cookie behind; a page of ours that goes on brings it along.
    const body = html`<h1>Signed in</h1>
      <p><a href="/app">Go on</a></p>`;
    return reply
      .type("text/html; charset=utf-8")
      .headers({ "content-security-policy": trackerPolicy, refresh: "0; url=/app" })
      .send(framed({ title: "Signed in", links: [] }, body));
  });
}
