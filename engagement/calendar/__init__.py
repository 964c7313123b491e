"""Pure rules of the calendar: recurrence, months, iCalendar."""
