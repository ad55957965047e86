import { instruments } from "../instruments/index.ts";
import { actOnTenant, type Call } from "../store/act.ts";
import { externalOf } from "../store/clients.ts";
import { uniqueId } from "../unique-id.ts";
import { expectedCourseOf, leastCourses, type ExpectedCourse, type Measure } from "../verdict/index.ts";
import { currentEpisode } from "./care-records.ts";
import { measuresOf } from "./measures.ts";
import { isoTime } from "./times.ts";

type Row = { id: string; instrument: string; made_at: number; courses: number; body: Buffer };

const place = (id: string): string => `expected-course|${id}`;

function newest(call: Call, tenantId: string, instrument: string): Row | undefined {
  return call.store.database
    .prepare(
      "SELECT id, instrument, made_at, courses, body FROM expected_courses WHERE tenant_id = ? AND instrument = ? ORDER BY made_at DESC, id DESC LIMIT 1",
    )
    .get(tenantId, instrument) as Row | undefined;
}

// Opened once: a course is never changed after it was made.
const opened = new WeakMap<object, Map<string, ExpectedCourse>>();

/** The site's newest expected course of a questionnaire; null before one was made. */
export function courseOf(call: Call, tenantId: string, instrument: string): ExpectedCourse | null {
  const row = newest(call, tenantId, instrument);
  if (row === undefined) return null;
  const kept = opened.get(call.store.keys) ?? new Map<string, ExpectedCourse>();
  opened.set(call.store.keys, kept);
  let course = kept.get(row.id);
  if (course === undefined) {
    course = call.store.keys.openTenant(tenantId, row.body, place(row.id)) as ExpectedCourse;
    kept.set(row.id, course);
  }
  return course;
}

/**
 * Makes the site's expected courses anew from every client's current episode (all measures without one): quantiles
 * of at least fifty courses a range and week, nothing of a single client. Former ones are kept.
 */
export function makeCourses(call: Call) {
  const { store, principal } = call;
  return actOnTenant(call, "courses:write", () => {
    const ids = store.database
      .prepare("SELECT id FROM clients WHERE tenant_id = ? ORDER BY id")
      .all(principal.tenantId) as { id: string }[];
    const courses = new Map<string, Measure[][]>();
    for (const { id } of ids) {
      const client = {
        id,
        tenantId: principal.tenantId,
        external: externalOf(store, principal.tenantId, id),
      };
      const episode = currentEpisode(call, client);
      const own = new Map<string, Measure[]>();
      for (const { authoredAt: time, value } of measuresOf(call, client)) {
        if (!value.counts || value.total === null) continue;
        if (episode !== null && (time < episode.from || time > episode.to)) continue;
        own.set(value.instrument, [...(own.get(value.instrument) ?? []), { time, total: value.total }]);
      }
      for (const [name, measures] of own) courses.set(name, [...(courses.get(name) ?? []), measures]);
    }
    const items = instruments.flatMap((instrument) => {
      const found = courses.get(instrument.id);
      if (found === undefined) return [];
      const course = expectedCourseOf(instrument, found);
      const id = uniqueId(store.now());
      // later than the former one, also where the clock stood still
      const former = newest(call, principal.tenantId, instrument.id)?.made_at ?? 0;
      const madeAt = Math.max(store.now(), former + 1);
      store.database
        .prepare(
          "INSERT INTO expected_courses (id, tenant_id, instrument, made_at, courses, body) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .run(
          id,
          principal.tenantId,
          instrument.id,
          madeAt,
          found.length,
          store.keys.sealTenant(principal.tenantId, course, place(id)),
        );
      return [view(instrument.id, madeAt, found.length, course)];
    });
    return { message: "Expected courses made", least: leastCourses, count: items.length, items };
  });
}

const view = (instrument: string, madeAt: number, courses: number, course: ExpectedCourse) => ({
  instrument,
  made_at: isoTime(madeAt),
  courses,
  /** Empty: no curve, too few courses. */
  strata: course.strata,
});

/** The newest expected course of each questionnaire. */
export function listCourses(call: Call) {
  const { principal } = call;
  return actOnTenant(call, "overview:read", () => {
    const items = instruments.flatMap(({ id }) => {
      const row = newest(call, principal.tenantId, id);
      const course = courseOf(call, principal.tenantId, id);
      return row === undefined || course === null ? [] : [view(id, row.made_at, row.courses, course)];
    });
    return { least: leastCourses, count: items.length, items };
  });
}
