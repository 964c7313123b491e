"""What people may do, how often, and what the site says about itself and its data."""

from datetime import date

from geoparticipation.settings.environment import env, months_by_subject

# --- participation ---------------------------------------------------------------------------------------------
PARTICIPANT_COOKIE_NAME = "participant"
PARTICIPANT_COOKIE_DAYS: int = env.int("PARTICIPANT_COOKIE_DAYS", 365)
SUBMISSIONS_PER_MINUTE: int = env.int("SUBMISSIONS_PER_MINUTE", 20)
FEEDBACK_PER_MINUTE: int = env.int("FEEDBACK_PER_MINUTE", 60)
# Per process; fewer than the threads of the server (bin/demo: 16), as each download occupies one until it ends.
DOWNLOADS_AT_ONCE: int = env.int("DOWNLOADS_AT_ONCE", 10)
# Number of these reserved for the staff of the campaign.
DOWNLOADS_FOR_STAFF: int = env.int("DOWNLOADS_FOR_STAFF", 2)
# Number of downloads, per process, that may read a large campaign over two database connections in parallel.
DOWNLOADS_DIVIDED_AT_ONCE: int = env.int("DOWNLOADS_DIVIDED_AT_ONCE", 2)
# Cache of pages and tiles of the OGC API, per process, in memory; 0 disables it.
KEPT_ANSWERS_MEGABYTES: int = env.int("KEPT_ANSWERS_MEGABYTES", 32)
# Months after the end of a campaign that new campaigns start with; what is not named is kept as long as the campaign.
RETENTION_MONTHS: dict[str, int] = months_by_subject(
    env.strings("RETENTION_MONTHS", ["texts=24", "photos=24", "staff_answers=24", "people=12"])
)
# Most contributions of files that are written while the client waits; larger ones become jobs.
EXPORTS_AT_ONCE: int = env.int("EXPORTS_AT_ONCE", 5000)
EXPORT_LINK_HOURS: int = env.int("EXPORT_LINK_HOURS", 24)
EXPORT_JOBS_PER_MINUTE: int = env.int("EXPORT_JOBS_PER_MINUTE", 10)
EXPORT_JOBS_WAITING: int = env.int("EXPORT_JOBS_WAITING", 20)

# --- statement on accessibility (section 7 BITV 2.0) -----------------------------------------------------------
ACCESSIBILITY_PREPARED_ON: date = env.date("ACCESSIBILITY_PREPARED_ON", date(2026, 11, 30))
# Name and contact in one line each: who settles conflicts, who watches over public sites.
ACCESSIBILITY_ARBITRATION: str = env.str("ACCESSIBILITY_ARBITRATION", "")
ACCESSIBILITY_SUPERVISION: str = env.str("ACCESSIBILITY_SUPERVISION", "")

# --- open data: publisher in catalogues (DCAT-AP.de) -----------------------------------------------------------
DATA_LICENCE: str = env.str("DATA_LICENCE", "dl-de/by-2-0")
DCAT_CONTRIBUTOR: str = env.str("DCAT_CONTRIBUTOR", "")
CITY_LOCATION: str = env.str("CITY_LOCATION", "")

# --- another council information system (OParl) whose bodies are read into this site every night ---------------
OPARL_SOURCES: list[str] = env.strings("OPARL_SOURCES")
# E-mail address of the account that stores what was read; it needs the right to edit dates and papers.
OPARL_READS_AS: str = env.str("OPARL_READS_AS", "")
