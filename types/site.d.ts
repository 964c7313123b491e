// What the pages' classic scripts define for the modules: the catalogue of translations (Django's
// JavaScriptCatalog), loaded before every module.

declare function gettext(text: string): string;
declare function ngettext(singular: string, plural: string, count: number): string;
declare function pgettext(context: string, text: string): string;
declare function npgettext(context: string, singular: string, plural: string, count: number): string;
declare function interpolate(format: string, values: unknown[] | Record<string, unknown>, named?: boolean): string;
declare function get_format(name: string): string | number | string[];
declare function pluralidx(count: number): number;
