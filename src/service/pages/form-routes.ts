import type { FastifyInstance, FastifyRequest } from "fastify";
import { formLinks, keepForLater, type GroupCommit, type Store } from "../../progress/index.ts";
import { resourcesOf, type Resource } from "../../safety/index.ts";
import { TrainingReadyError } from "../../shared/index.ts";
import { questionnairePage, thanksPage } from "./form-page.ts";
import { framed, sendPage as send } from "./layout.ts";

type Fields = Record<string, string>;

/** The questionnaire behind a one-time link, for who has it; nobody signs in. */
export function addFormPages(
  pages: FastifyInstance,
  options: { store: Store; commits: GroupCommit; resources: readonly Resource[] },
): void {
  const { store, commits } = options;
  const param = (request: FastifyRequest, name: string): string => (request.params as Fields)[name] ?? "";
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
}
