export { escapeHtml, html, Markup, message, type Content } from "./markup.ts";
export { pagePolicy } from "./policy.ts";
export { pageStyle } from "./style.ts";
export { pageWithin, sectionedPage, type PageSection } from "./sectioned-page.ts";
