import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Call } from "../progress/index.ts";
import type { Foreseen } from "../vault/index.ts";

/** What a handler may send: JSON, or text of a media type, whole or a piece at a time. */
export type Sent = {
  status?: number;
  text?: string;
  /** Called once the request's work is on the disk. */
  open?: () => Promise<Readable>;
  mediaType?: string;
  headers?: Record<string, string>;
  body?: unknown;
};

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;

export type RouteInput<P, Q, B> = {
  call: Call;
  params: Out<P>;
  query: Out<Q>;
  body: Out<B>;
  /** Names of the fields that were sent. */
  given: readonly string[];
  /** The revision in `If-Match`. */
  ifMatch: number | undefined;
};

type Operation<P, Q, B> = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `{name}` for parameters. */
  path: string;
  summary: string;
  /** Does work that no transaction can hold, so that it shares none with other requests. */
  alone?: boolean;
  /** Status of a success, 200 if not given. */
  success?: number;
  params?: P;
  query?: Q;
  body?: B;
  /** Reads that it is known to make, if they are more than the client's that its path names. */
  ahead?: (input: RouteInput<P, Q, B>) => readonly Foreseen[];
  handle: (input: RouteInput<P, Q, B>) => Sent;
};

/** One operation: its schemas check the request and describe it in OpenAPI. */
export type Route = Omit<Operation<z.ZodType, z.ZodType, z.ZodType>, "handle" | "ahead"> & {
  ahead?: (input: RouteInput<never, never, never>) => readonly Foreseen[];
  handle: (input: RouteInput<never, never, never>) => Sent;
};

/** Types a route without losing its schemas' types. */
export function route<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: Operation<P, Q, B>): Route {
  return spec as unknown as Route;
}
