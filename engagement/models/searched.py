"""The tables of this app that are searched."""

from typing import Final

from mapping.models.search.indexing import IndexedTable

EVENTS: Final = IndexedTable(
    kind="event",
    table="engagement_event",
    # Without the online link, which may be for those only who registered.
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, rows.language AS language,"
        " NULL::bigint AS campaign_id, rows.changed_at AS at, rows.title AS title,"
        " concat_ws(E'\\n', rows.summary, rows.description, rows.place_name, rows.address, rows.organiser) AS body"
        " FROM {rows} WHERE NOT rows.is_draft"
    ),
)
DOCUMENTS: Final = IndexedTable(
    kind="document",
    table="engagement_document",
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, rows.language AS language,"
        " rows.campaign_id AS campaign_id, rows.dated::timestamptz AS at, rows.title AS title,"
        " concat_ws(E'\\n', rows.summary, rows.reference, rows.author, rows.text) AS body"
        " FROM {rows} WHERE NOT rows.is_draft"
    ),
)
PAGES: Final = IndexedTable(
    kind="page",
    table="engagement_documentpage",
    texts=(
        "SELECT rows.id::text AS key, document.id::text AS subject, document.language AS language,"
        " document.campaign_id AS campaign_id, document.dated::timestamptz AS at, '' AS title, rows.text AS body"
        " FROM {rows} JOIN engagement_documentversion AS version ON version.id = rows.version_id"
        " JOIN engagement_document AS document ON document.id = version.document_id"
    ),
)
PLANS: Final = IndexedTable(
    kind="plan",
    table="engagement_plan",
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, rows.language AS language,"
        " rows.campaign_id AS campaign_id, rows.changed_at AS at, rows.title AS title,"
        " concat_ws(E'\\n', rows.summary, rows.description, rows.place_name, rows.affected, rows.responsible,"
        " rows.next_steps, rows.participation, rows.reason_without) AS body FROM {rows} WHERE NOT rows.is_draft"
    ),
)
UPDATES: Final = IndexedTable(
    kind="update",
    table="engagement_update",
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, rows.language AS language,"
        " rows.campaign_id AS campaign_id, rows.published_at AS at, rows.title AS title, rows.text AS body"
        " FROM {rows} WHERE NOT rows.is_draft"
    ),
)
TABLES: Final = (EVENTS, DOCUMENTS, PAGES, PLANS, UPDATES)
