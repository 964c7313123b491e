// What the script of words defines for the modules (geoparticipation/serving/words.py), loaded before every one of them.

declare function gettext(text: string): string;
declare function ngettext(singular: string, plural: string, count: number): string;
declare function pgettext(context: string, text: string): string;
declare function interpolate(format: string, values: unknown[]): string;
