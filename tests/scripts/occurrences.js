/**
 * Expands a calendar from the standard input with ical.js, the library of Thunderbird's calendar, and prints its dates:
 * [uid, start, end, status, summary] as JSON, moments in UTC, whole days as they are. For tests/engagement/calendar/.
 */

import { readFileSync } from "node:fs";
import { stdout } from "node:process";
import ICAL from "ical.js";

/** No series of ours is longer. */
const MOST = 400;

/** @param {ICAL.Time} time */
const moment = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString());

/** @param {ICAL.Event} item the event, or the exception that stands for a date @param {ICAL.Time} start @param {ICAL.Time} end */
const row = (item, start, end) => [
  item.uid,
  moment(start),
  moment(end),
  item.component.getFirstPropertyValue("status"),
  item.summary,
];

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));

const events = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
/** @type {ReturnType<typeof row>[]} */
const found = [];
for (const event of events.filter((one) => !one.isRecurrenceException())) {
  for (const other of events) {
    if (other.isRecurrenceException() && other.uid === event.uid) event.relateException(other);
  }
  if (!event.isRecurring()) {
    found.push(row(event, event.startDate, event.endDate));
    continue;
  }
  const dates = event.iterator();
  for (let next = dates.next(), number = 0; next && number < MOST; next = dates.next(), number += 1) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    found.push(row(item, startDate, endDate));
  }
}
stdout.write(JSON.stringify(found));
