export { syntheticDialogues } from "./dialogues.ts";
export type {
  AnswerKey,
  CopyAnswer,
  DatasetAnswer,
  EntryAnswer,
  ImportAnswer,
  ReferenceAnswer,
  SampleFlags,
} from "./answers.ts";
export { writeSample, type SampleOptions, type WrittenSample } from "./write-sample.ts";
