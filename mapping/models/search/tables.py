"""The tables of this app that are searched."""

from typing import Final

from mapping.models.search.indexing import IndexedTable

CAMPAIGNS: Final = IndexedTable(
    kind="campaign",
    table="mapping_campaign",
    # Without `outcome`: it is shown after the end only.
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, rows.language AS language, rows.id AS campaign_id,"
        " coalesce(rows.opens_at, rows.created_at) AS at, rows.title AS title,"
        " concat_ws(E'\\n', rows.summary, rows.description) AS body FROM {rows} WHERE NOT rows.is_draft"
    ),
)
TRANSLATIONS: Final = IndexedTable(
    kind="translation",
    table="mapping_translation",
    texts=(
        "SELECT rows.id::text AS key, rows.campaign_id::text AS subject, rows.language AS language,"
        " rows.campaign_id AS campaign_id,"
        " timestamptz '2000-01-01' AS at, '' AS title, rows.text AS body FROM {rows}"
        " WHERE rows.kind = 'campaign' AND rows.field IN ('title', 'summary', 'description')"
    ),
)
CONTRIBUTIONS: Final = IndexedTable(
    kind="contribution",
    table="mapping_contribution",
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, 'de' AS language,"
        " rows.campaign_id AS campaign_id, rows.created_at AS at,"
        " rows.title AS title, rows.text AS body FROM {rows} WHERE rows.status = 'published'"
    ),
)
COMMENTS: Final = IndexedTable(
    kind="comment",
    table="mapping_comment",
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, 'de' AS language,"
        " contribution.campaign_id AS campaign_id,"
        " rows.created_at AS at, '' AS title, rows.text AS body FROM {rows}"
        " JOIN mapping_contribution AS contribution ON contribution.id = rows.contribution_id"
        " WHERE rows.status = 'published'"
    ),
)
REPLIES: Final = IndexedTable(
    kind="reply",
    table="mapping_reply",
    texts=(
        "SELECT rows.id::text AS key, rows.id::text AS subject, 'de' AS language,"
        " contribution.campaign_id AS campaign_id,"
        " rows.created_at AS at, '' AS title, rows.text AS body FROM {rows}"
        " JOIN mapping_contribution AS contribution ON contribution.id = rows.contribution_id"
    ),
)
TABLES: Final = (CAMPAIGNS, TRANSLATIONS, CONTRIBUTIONS, COMMENTS, REPLIES)
