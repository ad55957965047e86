import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  authenticate,
  breakGlass,
  careRecords,
  chartStyle,
  clientsOf,
  formLinks,
  keepForLater,
  makeCourses,
  noteFailedSignIn,
  noteSignIn,
  notes,
  principalById,
  risks,
  type Call,
  type GroupCommit,
  type Store,
} from "../../progress/index.ts";
import { resourcesOf, type Resource } from "../../safety/index.ts";
import { html, TrainingReadyError, type Log } from "../../shared/index.ts";
import { checked, knownError, statusOf } from "../problem.ts";
import { wholeNumber } from "../query.ts";
import { caseloadPage, clientPage, ownPage, type Shown } from "./care-pages.ts";
import { conversationPage } from "./conversation-page.ts";
import { fleetPage } from "./fleet-page.ts";
import { questionnairePage, thanksPage } from "./form-page.ts";
import { draftNotice, framed, trackerPolicy, type PageLink } from "./layout.ts";
import { noteOfForm, notesPage } from "./notes-page.ts";
import { breakGlassPage, inboxState, readersPage, riskPage } from "./oversight-pages.ts";
import { addProviderSignIn, type PeopleSignIn, type StartSignIn } from "./provider-sign-in.ts";
import { createSignIns, isOwnForm, type SignIn } from "./sign-ins.ts";

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
type Signed = { call: Call; csrf: string };

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

function send(reply: FastifyReply, text: string, status = 200): FastifyReply {
  return reply
    .code(status)
    .type("text/html; charset=utf-8")
    .headers({ "content-security-policy": trackerPolicy, "referrer-policy": "same-origin" })
    .send(text);
}

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

    const page = (path: string, show: (signed: Signed, request: FastifyRequest) => Shown): void => {
      pages.get(path, async (request, reply) => {
        const found = signedIn(request);
        if (found === undefined) throw new TrainingReadyError("E_UNAUTHENTICATED", "nobody is signed in");
        const { call, signIn } = found;
        const { title, body, script } = await commits.run(() => show({ call, csrf: signIn.csrf }, request));
        const links = linksFor[call.principal.role] ?? [];
        const current = path.includes(":") ? "" : path;
        return send(
          reply,
          framed({ title, links, current, csrf: signIn.csrf, script: script === true }, body),
        );
      });
    };
    /** A form: signed in, ours by its token and its origin; then to another page, or a page of its own. */
    const form = (
      path: string,
      act: (signed: Signed, fields: Fields, params: Fields) => string | Shown,
    ): void => {
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
        const next = await commits.run(() => act({ call, csrf: signIn.csrf }, fields, params));
        if (typeof next === "string") return reply.redirect(next, 303);
        const links = linksFor[call.principal.role] ?? [];
        return send(reply, framed({ title: next.title, links, csrf: signIn.csrf }, next.body));
      });
    };
    const daysOf = (request: FastifyRequest, fallback: number): number =>
      checked(z.object({ days: wholeNumber(1, 3650).default(fallback) }), request.query, "query").days;
    const param = (request: FastifyRequest, name: string): string => (request.params as Fields)[name] ?? "";

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

    const listQuery = z.object({
      search: z.string().max(200).optional(),
      cursor: z.string().max(500).optional(),
    });
    page("/app/caseload", ({ call }, request) =>
      caseloadPage(call, checked(listQuery, request.query, "query")),
    );
    page("/app/clients/:client", ({ call, csrf }, request) =>
      clientPage(call, param(request, "client"), csrf),
    );
    page("/app/clients/:client/conversations", ({ call }, request) =>
      conversationPage(call, param(request, "client"), checked(listQuery, request.query, "query").cursor),
    );
    page("/app/clients/:client/notes", ({ call, csrf }, request) => {
      const { cursor } = checked(listQuery, request.query, "query");
      return notesPage(call, param(request, "client"), csrf, cursor);
    });
    page("/app/clients/:client/own", ({ call }, request) => ownPage(call, param(request, "client")));
    page("/app/own", ({ call }) => {
      const [client] = clientsOf(store, call.principal);
      if (client === undefined) throw new TrainingReadyError("E_NOT_FOUND", "not found");
      return ownPage(call, client);
    });
    page("/app/risk", ({ call, csrf }) => riskPage(call, csrf));
    page("/app/fleet", ({ call, csrf }, request) => fleetPage(call, daysOf(request, 30), csrf));
    page("/app/readers", ({ call }, request) => readersPage(call, daysOf(request, 30)));
    page("/app/break-glass", ({ call, csrf }) => breakGlassPage(call, csrf));
    pages.get("/app/risk/state", (request) => {
      const found = signedIn(request);
      if (found === undefined) throw new TrainingReadyError("E_UNAUTHENTICATED", "nobody is signed in");
      return commits.run(() => ({ state: inboxState(found.call) }));
    });

    // A graver sign that came in since the page was shown is looked at first.
    const riskSeen = z.strictObject({ clock: z.iso.datetime() });
    form("/app/risk/:client/:id/ack", ({ call }, fields, params) => {
      const { clock } = checked(riskSeen, fields, "body");
      risks.acknowledgeRisk(call, params["client"] ?? "", params["id"] ?? "", { clock });
      return "/app/risk";
    });
    form("/app/risk/:client/:id/close", ({ call }, fields, params) => {
      const { clock, ...input } = checked(risks.closeSchema.extend(riskSeen.shape), fields, "body");
      risks.closeRisk(call, params["client"] ?? "", params["id"] ?? "", input, { clock });
      return "/app/risk";
    });
    form("/app/clients/:client/consents", ({ call }, fields, params) => {
      const client = params["client"] ?? "";
      careRecords.recordConsent(call, client, checked(careRecords.consentSchema, fields, "body"));
      return `/app/clients/${encodeURIComponent(client)}`;
    });
    form("/app/clients/:client/notes", ({ call }, fields, params) => {
      const client = params["client"] ?? "";
      notes.recordNote(call, client, checked(notes.noteSchema, noteOfForm(fields), "body"));
      return `/app/clients/${encodeURIComponent(client)}/notes`;
    });
    form("/app/clients/:client/links", ({ call }, fields, params) => {
      const client = params["client"] ?? "";
      const link = formLinks.makeFormLink(call, client, checked(formLinks.formLinkSchema, fields, "body"));
      return {
        title: "One-time link",
        body: html`<h1>A link to ${link.instrument}</h1>
          <p>
            It works once, until ${link.expires_at.slice(0, 16).replace("T", " ")} UTC. It is shown this once.
          </p>
          <p class="token">${link.path}</p>
          <p><a href="/app/clients/${encodeURIComponent(client)}">Back to ${client}</a></p>`,
      };
    });
    form("/app/fleet/courses", ({ call }) => {
      makeCourses(call);
      return "/app/fleet";
    });
    form("/app/break-glass", ({ call }, { client = "", ...fields }) => {
      const input = { ...fields, hours: Number(fields["hours"]) };
      breakGlass.openBreakGlass(call, client, checked(breakGlass.breakGlassSchema, input, "body"));
      return `/app/clients/${encodeURIComponent(client)}`;
    });
    form("/app/break-glass/:id/review", ({ call }, fields, params) => {
      breakGlass.reviewBreakGlass(
        call,
        params["id"] ?? "",
        checked(breakGlass.glassReviewSchema, fields, "body"),
      );
      return "/app/break-glass";
    });

    const linesOf = (request: FastifyRequest): Resource[] => {
      const { country } = request.query as Fields;
      return resourcesOf(country, options.resources);
    };
    pages.get("/form/:token", async (request, reply) => {
      const open = formLinks.openForm(store, param(request, "token"));
      const { title, body } = questionnairePage(open, linesOf(request), false);
      return send(reply, framed({ title, links: [] }, body));
    });
    pages.post("/form/:token", async (request, reply) => {
      const token = param(request, "token");
      const open = formLinks.openForm(store, token);
      const fields = (request.body ?? {}) as Fields;
      const items = open.wording.items.map((_, index) => {
        const given = fields[`item${index + 1}`];
        return given !== undefined && /^\d$/.test(given) ? Number(given) : null;
      });
      const lines = linesOf(request);
      if (items.every((one) => one === null)) {
        const { title, body } = questionnairePage(open, lines, true);
        return send(reply, framed({ title, links: [] }, body), 400);
      }
      const answer = open.riskItem === null ? null : items[open.riskItem - 1];
      const risk = typeof answer === "number" && answer > 0;
      try {
        await commits.run(() => formLinks.submitForm(store, token, items));
      } catch (error) {
        // Help is shown, and risk kept, whatever becomes of the store.
        const isDown = error instanceof TrainingReadyError && error.code === "E_STORE_DOWN";
        if (!isDown || !risk) throw error;
        const { call, notice } = formLinks.riskOfForm(store, token, items);
        keepForLater(call, notice);
        const { title, body } = thanksPage({ risk, lines, stored: false });
        return send(reply, framed({ title, links: [] }, body), 503);
      }
      const { title, body } = thanksPage({ risk, lines, stored: true });
      return send(reply, framed({ title, links: [] }, body));
    });
  });
}
