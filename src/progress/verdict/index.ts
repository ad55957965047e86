export { decide, type AlertName, type Verdict, type VerdictName } from "./decide.ts";
export { moodDirection, moodTrajectory, residualSd, type MoodPoint, type Trajectory } from "./mood.ts";
export { perDay, type Measure } from "./series.ts";
export {
  expectedCourseOf,
  leastCourses,
  placeOn,
  stratumOf,
  type CoursePlace,
  type CourseWeek,
  type ExpectedCourse,
} from "./expected-course.ts";
