import { roleOf } from "./path-shape.ts";

/** True for an address with a scheme, a protocol-relative one, or a mail address: not a path of this repository. */
export function isWebAddress(text: string): boolean {
  return /^(?:[a-zA-Z][a-zA-Z0-9+.-]+:(?!\\)|\/\/|www\.|[\w.+-]+@[\w-]+\.[\w.]+$)/.test(text);
}

const host =
  /^(?:https?:\/\/|git@)(?:[\w.-]*\.)?(?:github\.com|githubusercontent\.com|githubassets\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co|hf\.co|kaggle\.com|nbviewer\.[\w.]+|mybinder\.org|studiolab\.sagemaker\.aws|paperspace\.com|gradient\.run|lightning\.ai|deepnote\.com|vscode\.dev|github\.dev|shields\.io|research\.google\.com)[/:]/;

/** True for addresses that may point into a hosted repository, this one perhaps. */
export function isRepositoryAddress(text: string): boolean {
  return host.test(text) || /^https?:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+\/(?:-\/)?(?:blob|tree|raw)\//.test(text);
}

/** True for addresses of hosted repositories and of files of data or weights. */
export function isTellingAddress(text: string): boolean {
  if (isRepositoryAddress(text)) return true;
  const role = roleOf(text.replace(/[?#].*$/, ""));
  return role === "data" || role === "archive" || role === "model";
}
