// Libraries from npm that the site serves under vendor/ (settings.STATICFILES_DIRS); relative imports in the browser.

declare module "*/vendor/uuid/v7.js" {
  /** A time-ordered UUID (RFC 9562 section 5.7). */
  export default function v7(): string;
}

declare module "*/vendor/pbf/index.js" {
  export { PbfReader } from "pbf";
}
