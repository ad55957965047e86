export { checkTurns } from "./check-turns.ts";
export { cleanText, type Repair } from "./clean-text.ts";
export { conversationId } from "./conversation-id.ts";
export { itemCodes } from "./item-codes.data.ts";
export { csvScanner } from "./readers/csv-rows.ts";
export { jsonElementsScanner } from "./readers/json-elements.ts";
export { jsonLinesScanner } from "./readers/json-lines.ts";
export { scanItems, type ItemScanner, type ReaderOptions } from "./readers/reader.ts";
export { transcriptScanner } from "./readers/transcript.ts";
export { roleOf } from "./roles.ts";
export { convertItem } from "./shapes/convert.ts";
export {
  roles,
  type Concept,
  type Converted,
  type Draft,
  type FieldNames,
  type Item,
  type ItemCode,
  type Message,
  type Role,
  type ShapeOptions,
} from "./schema.ts";
