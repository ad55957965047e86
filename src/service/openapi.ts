import { z } from "zod";
import { tool } from "../shared/index.ts";
import type { Route } from "./route.ts";

const jsonSchema = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
};

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): unknown[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema) as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: one,
  }));
}

const problem = { $ref: "#/components/responses/Problem" };

/** The routes as an OpenAPI 3.1 document. */
export function openApi(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) {
    const operations = (paths[one.path] ??= {});
    operations[one.method.toLowerCase()] = {
      summary: one.summary,
      parameters: [...parametersOf(one.params, "path"), ...parametersOf(one.query, "query")],
      ...(one.body === undefined
        ? {}
        : {
            requestBody: {
              required: true,
              content: { "application/json": { schema: jsonSchema(one.body) } },
            },
          }),
      responses: {
        [one.success ?? 200]: { description: "done" },
        400: problem,
        401: problem,
        404: problem,
        default: problem,
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: `${tool.name} progress`, version: tool.version },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      responses: {
        Problem: {
          description: "what went wrong",
          content: {
            "application/problem+json": {
              schema: {
                type: "object",
                required: ["type", "title", "status", "code", "message", "hint"],
                properties: {
                  type: { type: "string" },
                  title: { type: "string" },
                  status: { type: "integer" },
                  code: { type: "string" },
                  message: { type: "string" },
                  hint: { type: "string" },
                  field: { type: "string" },
                },
              },
            },
          },
        },
      },
    },
  };
}
