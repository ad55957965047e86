export {
  blocks,
  fileTypes,
  tensorBytes,
  type GgufScalar,
  type GgufValue,
  type TensorType,
} from "./format.ts";
export { decodeValues, encodeValues } from "./numbers.ts";
export { readGguf, type GgufFile, type GgufTensorInfo } from "./read.ts";
export { writeGguf, type GgufTensor } from "./write.ts";
