import { z } from "zod";
import { tool } from "../../shared/index.ts";
import { bodySchemas } from "./body-schemas.ts";
import type { InferenceRoute } from "./routes.ts";

const jsonSchema = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
};

const failure = { $ref: "#/components/responses/Failure" };

function parametersOf({ path, query }: InferenceRoute): unknown[] {
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...(query ?? []).map((name) => ({ name, in: "query", required: false, schema: { type: "string" } })),
  ];
}

function operationOf(route: InferenceRoute): Record<string, unknown> {
  const { body, mediaType = "application/json", isOpen } = route;
  return {
    summary: route.summary,
    parameters: parametersOf(route),
    ...(isOpen === true ? { security: [] } : {}),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: { $ref: `#/components/schemas/${body}` } } },
          },
        }),
    responses: {
      200: { description: "done", content: { [mediaType]: {} } },
      ...(body === undefined ? {} : { 400: failure }),
      default: failure,
    },
  };
}

const error = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    hint: z.string(),
    request_id: z.string(),
  }),
});

/** The service's routes, and those of a tracker on the same port, as an OpenAPI 3.1 document. */
export function inferenceOpenApi(
  routes: readonly InferenceRoute[],
  more?: { paths: Record<string, unknown>; components: Record<string, unknown> },
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  const components = more?.components as { responses?: object; schemas?: object } | undefined;
  return {
    openapi: "3.1.0",
    info: { title: tool.name, version: tool.version },
    security: [{ bearer: [] }],
    paths: { ...more?.paths, ...paths },
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: {
        ...components?.schemas,
        ...Object.fromEntries(
          Object.entries(bodySchemas).map(([name, schema]) => [name, jsonSchema(schema)]),
        ),
        Failure: jsonSchema(error),
      },
      responses: {
        ...components?.responses,
        Failure: {
          description: "what went wrong",
          content: { "application/json": { schema: { $ref: "#/components/schemas/Failure" } } },
        },
      },
    },
  };
}
