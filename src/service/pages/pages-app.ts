import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  authenticate,
  chartStyle,
  clientsOf,
  keepForLater,
  noteFailedSignIn,
  noteSignIn,
  openRiskCount,
  principalById,
  type Call,
  type GroupCommit,
  type Store,
} from "../../progress/index.ts";
import { html, TrainingReadyError, type Log } from "../../shared/index.ts";
import type { Resource } from "../../safety/index.ts";
import { knownError, statusOf } from "../problem.ts";
import { addAppPages, type AddForm, type AddPage, type Signed } from "./app-pages.ts";
import { addFormPages } from "./form-routes.ts";
import { inboxState } from "./risk-page.ts";
import { draftNotice, framed, sendPage as send, type PageLink } from "./layout.ts";
import { addProviderSignIn, type PeopleSignIn, type StartSignIn } from "./provider-sign-in.ts";
import { createSignIns, isOwnForm, type SignIn } from "./sign-ins.ts";

const inboxPath = "/app/risk";
const cookieName = "training_ready_sign_in";
const assets = join(import.meta.dirname, "../../../web");

const linksFor: Record<string, readonly PageLink[]> = {
  clinician: [
    { path: "/app/caseload", name: "Caseload" },
    { path: "/app/risk", name: "Risk inbox" },
    { path: "/app/fleet", name: "Fleet" },
    { path: "/app/break-glass", name: "Break the glass" },
  ],
  supervisor: [
    { path: "/app/caseload", name: "Caseload" },
    { path: "/app/risk", name: "Risk inbox" },
    { path: "/app/fleet", name: "Fleet" },
    { path: "/app/break-glass", name: "Break-glass review" },
    { path: "/app/readers", name: "Who read what" },
  ],
  operator: [{ path: "/app/readers", name: "Who read what" }],
  auditor: [{ path: "/app/readers", name: "Who read what" }],
  client: [{ path: "/app/own", name: "My progress" }],
};

type Fields = Record<string, string>;

// A proxy's word is enough here: it can only make the cookie stricter.
const isSecure = (request: FastifyRequest): boolean =>
  request.protocol === "https" || request.headers["x-forwarded-proto"] === "https";

function cookieOf(request: FastifyRequest): string | undefined {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === cookieName) return value;
  }
  return undefined;
}

const cookie = (request: FastifyRequest, value: string, seconds: number): string =>
  `${cookieName}=${value}; Path=/app; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isSecure(request) ? "; Secure" : ""}`;

/** The pages of the tracker: server-made HTML, forms, no script but one that watches the inbox. */
export function addPages(
  app: FastifyInstance,
  options: {
    store: Store;
    commits: GroupCommit;
    log: Log;
    signIn: PeopleSignIn;
    /** Help lines that people may be shown. */
    resources: readonly Resource[];
  },
): void {
  const { store, commits } = options;
  const provider = options.signIn.provider;
  const signIns = createSignIns(store.now);

  const signedIn = (request: FastifyRequest): { signIn: SignIn; call: Call } | undefined => {
    const signIn = signIns.find(cookieOf(request));
    const principal = signIn === undefined ? undefined : principalById(store, signIn.principalId);
    return signIn === undefined || principal === undefined
      ? undefined
      : { signIn, call: { store, principal, atRisk: [] } };
  };
  const startSignIn: StartSignIn = async (request, reply, principal) => {
    await commits.run(() => noteSignIn({ store, principal }));
    const { id } = signIns.start(principal.id);
    void reply.header("set-cookie", cookie(request, id, 8 * 3600));
  };

  const signInForm = (message?: string) =>
    framed(
      { title: "Sign in", links: [] },
      html`<h1>Sign in</h1>
        ${message === undefined ? "" : html`<p class="card act" role="alert">${message}</p>`}
        ${
          provider === undefined
            ? html`<p class="lead">With the token that an operator of this machine made for you.</p>
                <form method="post" action="/app/sign-in">
                  <p>
                    <label class="field"
                      >Token
                      <input
                        type="password"
                        name="token"
                        required
                        maxlength="200"
                        autocomplete="current-password"
                    /></label>
                  </p>
                  <button>Sign in</button>
                </form>`
            : html`<p><a class="button" href="/app/sign-in/provider">Sign in with ${provider.name}</a></p>`
        }
        ${draftNotice}`,
    );

  void app.register(async (pages) => {
    pages.removeAllContentTypeParsers();
    pages.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: 64 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
    );
    pages.setErrorHandler((error, request, reply) => {
      const known = knownError(error);
      const status = statusOf(known);
      if (known.code === "E_UNAUTHENTICATED" && request.method === "GET")
        return reply.redirect("/app/sign-in", 303);
      if (status >= 500)
        options.log.error("page failed", { code: known.code, route: request.routeOptions.url ?? "" });
      const found = request.url.startsWith("/app") ? signedIn(request) : undefined;
      const frame = {
        title: known.code === "E_NOT_FOUND" ? "Not found" : "That did not work",
        links: linksFor[found?.call.principal.role ?? ""] ?? [],
        ...(found === undefined ? {} : { csrf: found.signIn.csrf }),
      };
      const body = html`<h1>${frame.title}</h1>
        <p role="alert">${known.message}</p>
        <p class="soft">${known.code}. ${known.hint}</p>`;
      return send(reply, framed(frame, body), status);
    });

    const frameOf = (path: string, { call, csrf }: Signed) => {
      const links = linksFor[call.principal.role] ?? [];
      const mayAct = links.some((one) => one.path === inboxPath);
      const openRisk = mayAct && path !== inboxPath ? openRiskCount(call) : 0;
      return { links, csrf, openRisk, current: path.includes(":") ? "" : path };
    };
    const page: AddPage = (path, show) => {
      pages.get(path, async (request, reply) => {
        const found = signedIn(request);
        if (found === undefined) throw new TrainingReadyError("E_UNAUTHENTICATED", "nobody is signed in");
        const signed = { call: found.call, csrf: found.signIn.csrf };
        const { title, body, script, frame } = await commits.run(() => ({
          ...show(signed, request),
          frame: frameOf(path, signed),
        }));
        return send(reply, framed({ ...frame, title, script: script === true }, body));
      });
    };
    /** A form: signed in, ours by its token and its origin; then to another page, or a page of its own. */
    const form: AddForm = (path, act) => {
      pages.post(path, async (request, reply) => {
        const found = signedIn(request);
        const { csrf = "", ...fields } = (request.body ?? {}) as Fields;
        const origin = request.headers.origin;
        // The host alone: before a proxy that ends TLS the scheme here is not the browser's.
        const isForeign =
          origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.host);
        if (found === undefined || isForeign || !isOwnForm(found.signIn, csrf))
          throw new TrainingReadyError("E_UNAUTHENTICATED", "the form is not of this sign-in");
        const { call, signIn } = found;
        const params = request.params as Fields;
        const signed = { call, csrf: signIn.csrf };
        const work = () => {
          call.atRisk?.splice(0); // may run a second time, on its own
          const next = act(signed, fields, params, request);
          return typeof next === "string" ? next : { ...next, frame: frameOf("", signed) };
        };
        let next: Awaited<ReturnType<typeof work>>;
        try {
          next = await commits.run(work);
        } catch (error) {
          const isDown = error instanceof TrainingReadyError && error.code === "E_STORE_DOWN";
          if (isDown) for (const notice of call.atRisk ?? []) keepForLater(call, notice);
          throw error;
        }
        if (typeof next === "string") return reply.redirect(next, 303);
        return send(reply, framed({ ...next.frame, title: next.title }, next.body));
      });
    };
    for (const [name, type] of [
      ["tracker.css", "text/css; charset=utf-8"],
      ["inbox.js", "text/javascript; charset=utf-8"],
    ] as const) {
      const own = readFileSync(join(assets, name), "utf8");
      const text = name === "tracker.css" ? own + chartStyle : own;
      pages.get(`/app/assets/${name}`, async (_request, reply) => reply.type(type).send(text));
    }
    pages.get("/app", async (request, reply) => {
      const role = signedIn(request)?.call.principal.role;
      return reply.redirect(
        role === undefined ? "/app/sign-in" : (linksFor[role]?.[0]?.path ?? "/app/sign-in"),
        303,
      );
    });
    pages.get("/app/sign-in", async (_request, reply) => send(reply, signInForm()));
    pages.post("/app/sign-in", async (request, reply) => {
      const { token } = (request.body ?? {}) as Fields;
      const principal =
        !options.signIn.byToken || token === undefined ? undefined : authenticate(store, token.trim());
      if (principal?.kind !== "human") {
        await commits.run(() => noteFailedSignIn(store));
        return send(reply, signInForm("That token is not one of a person who may sign in here."), 401);
      }
      await startSignIn(request, reply, principal);
      return reply.redirect("/app", 303);
    });
    if (provider !== undefined) addProviderSignIn(pages, { store, commits, provider, startSignIn });
    pages.post("/app/sign-out", async (request, reply) => {
      signIns.end(cookieOf(request));
      return reply.header("set-cookie", cookie(request, "", 0)).redirect("/app/sign-in", 303);
    });

    addAppPages({ page, form, clientsOf: (call) => clientsOf(store, call.principal) });
    pages.get("/app/risk/state", (request) => {
      const found = signedIn(request);
      if (found === undefined) throw new TrainingReadyError("E_UNAUTHENTICATED", "nobody is signed in");
      return commits.run(() => ({ state: inboxState(found.call) }));
    });
    addFormPages(pages, { store, commits, resources: options.resources });
  });
}
