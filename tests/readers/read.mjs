// Reads a calendar on the standard input with ical.js, and writes what it understands as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const whole = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of whole.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const entries = whole.getAllSubcomponents("vevent").map(each => {
  const event = new ICAL.Event(each);
  return {
    uid: event.uid,
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    summary: event.summary,
    status: each.getFirstPropertyValue("status"),
    sequence: event.sequence,
    location: event.location,
  };
});
console.log(JSON.stringify(entries));
