"""Triggers of surveys: counts of responses, answers for staff kept apart, revisions, ids that were withdrawn."""

from typing import ClassVar

from django.db import migrations

from mapping.models.change import revision_triggers

# An answer to a question that only staff may read never stays in `answers`, whatever way the row takes: forms, imports,
# COPY, undo. The text of "other, namely" (`slug:other`) goes with its question.
KEEP_APART = """
CREATE FUNCTION mapping_{table}_keep_apart() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    hidden text[];
    name text;
BEGIN
    SELECT array_agg(question.slug) INTO hidden FROM mapping_question AS question
        WHERE question.audience = 'staff' AND question.{owner} = NEW.{owner};
    IF hidden IS NULL THEN
        RETURN NEW;
    END IF;
    FOR name IN SELECT key FROM jsonb_object_keys(NEW.answers) AS key WHERE split_part(key, ':', 1) = ANY (hidden) LOOP
        NEW.staff_answers := NEW.staff_answers || jsonb_build_object(name, NEW.answers -> name);
        NEW.answers := NEW.answers - name;
    END LOOP;
    RETURN NEW;
END
$function$
"""

# Who may read the answers was changed: those that were given move, too. The row's own trigger takes them out again.
MOVE = """
CREATE FUNCTION mapping_question_audience() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF NEW.audience = 'staff' THEN
        UPDATE mapping_contribution SET answers = answers
            WHERE category_id = NEW.category_id AND answers ?| ARRAY[NEW.slug, NEW.slug || ':other'];
        UPDATE mapping_response SET answers = answers
            WHERE campaign_id = NEW.campaign_id AND answers ?| ARRAY[NEW.slug, NEW.slug || ':other'];
    ELSE
        UPDATE mapping_contribution SET
            answers = answers || (
                SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(staff_answers)
                WHERE key IN (NEW.slug, NEW.slug || ':other')
            ),
            staff_answers = staff_answers - ARRAY[NEW.slug, NEW.slug || ':other']
            WHERE category_id = NEW.category_id AND staff_answers ?| ARRAY[NEW.slug, NEW.slug || ':other'];
        UPDATE mapping_response SET
            answers = answers || (
                SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(staff_answers)
                WHERE key IN (NEW.slug, NEW.slug || ':other')
            ),
            staff_answers = staff_answers - ARRAY[NEW.slug, NEW.slug || ':other']
            WHERE campaign_id = NEW.campaign_id AND staff_answers ?| ARRAY[NEW.slug, NEW.slug || ':other'];
    END IF;
    RETURN NULL;
END
$function$
"""

# The values of `Kind.counted` (mapping/questions), and an empty one: the question was answered at all. Free texts and
# places are only counted as answered.
VALUES = """
CREATE FUNCTION mapping_counted_values(kind text, answer jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $function$
    SELECT ''
    UNION ALL SELECT answer #>> '{}'
        WHERE kind NOT IN ('text', 'long_text', 'place', 'note') AND jsonb_typeof(answer) IN ('string', 'number', 'boolean')
    UNION ALL SELECT CASE kind WHEN 'ranking' THEN one || E'\\x1f' || rank ELSE one END
        FROM jsonb_array_elements_text(CASE jsonb_typeof(answer) WHEN 'array' THEN answer ELSE '[]' END)
            WITH ORDINALITY AS listed (one, rank)
    UNION ALL SELECT key || E'\\x1f' || value
        FROM jsonb_each_text(CASE WHEN kind = 'matrix' AND jsonb_typeof(answer) = 'object' THEN answer ELSE '{}' END)
$function$
"""

# Counts are spread by the process that writes, and written in one order: two writers seldom meet, and never in a circle.
COUNT = """
CREATE FUNCTION mapping_count_responses() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {count_come}
    ELSIF TG_OP = 'DELETE' THEN
        {count_gone}
    ELSE
        {count_both}
    END IF;
    RETURN NULL;
END
$function$
"""
ROWS = (
    "SELECT campaign_id, answers || staff_answers AS answers, {sign} AS sign FROM {table} WHERE completed_at IS NOT NULL"
)
ADD = """
        INSERT INTO mapping_surveytally AS tally (campaign_id, question, value, shard, responses)
        SELECT campaign_id, question, value, pg_backend_pid() % 16, sum(sign) FROM (
            WITH changed AS ({rows})
            SELECT changed.campaign_id, question.slug AS question, counted.value, changed.sign FROM changed
                JOIN mapping_question AS question
                    ON question.campaign_id = changed.campaign_id AND changed.answers ? question.slug
                CROSS JOIN LATERAL mapping_counted_values(question.kind, changed.answers -> question.slug) AS counted (value)
            UNION ALL SELECT campaign_id, '', '', sign FROM changed
        ) AS counts
        GROUP BY campaign_id, question, value HAVING sum(sign) <> 0 ORDER BY campaign_id, question, value
        ON CONFLICT (campaign_id, question, value, shard)
            DO UPDATE SET responses = tally.responses + excluded.responses;
"""
COME = ROWS.replace("{table}", "come").replace("{sign}", "1")
GONE = ROWS.replace("{table}", "gone").replace("{sign}", "-1")

# Counts of a whole survey anew, after its questions were changed.
RECOUNT = """
CREATE FUNCTION mapping_recount_survey(survey integer) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    DELETE FROM mapping_surveytally WHERE campaign_id = survey;
    {count}
END
$function$
"""

FORGET = """
CREATE FUNCTION mapping_forget_survey_counts() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    DELETE FROM mapping_surveytally WHERE campaign_id IN (SELECT id FROM gone);
    RETURN NULL;
END
$function$
"""

EVENTS = {"insert": "NEW TABLE AS come", "delete": "OLD TABLE AS gone", "update": "OLD TABLE AS gone NEW TABLE AS come"}

QUESTIONS = (
    "SELECT coalesce(rows.campaign_id, category.campaign_id) FROM {rows} AS rows"
    " LEFT JOIN mapping_category AS category ON category.id = rows.category_id"
)
QUESTIONS_BEFORE = (
    "SELECT category.campaign_id FROM {rows} AS rows JOIN mapping_category AS category ON category.id = rows.category_id"
)
QUESTION_CHANGED = """
CREATE OR REPLACE FUNCTION mapping_question_changed() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    campaigns bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        campaigns := ARRAY({come});
    ELSIF TG_OP = 'DELETE' THEN
        campaigns := ARRAY({gone});
    ELSE
        campaigns := ARRAY({come} UNION {gone});
    END IF;
    campaigns := array_remove(campaigns, NULL);
    IF campaigns <> '{}' THEN
        PERFORM mapping_note_changes(campaigns);
    END IF;
    RETURN NULL;
END
$function$
"""


def question_changed(campaigns: str) -> str:
    """The function of the questions' triggers (migration `0012_change`) with another way to their campaigns."""
    come, gone = (campaigns.replace("{rows}", name) for name in ("come", "gone"))
    return QUESTION_CHANGED.replace("{come}", come).replace("{gone}", gone)


def revisions(table: str, campaigns: str = "SELECT campaign_id FROM {rows}") -> migrations.RunSQL:
    """Let changes of a table be noted."""
    create, drop = revision_triggers(table, campaigns)
    return migrations.RunSQL(sql=create, reverse_sql=drop)


def apart(table: str, owner: str) -> migrations.RunSQL:
    """Keep answers for staff apart in a table."""
    return migrations.RunSQL(
        sql=[
            f"ALTER TABLE mapping_{table} ALTER COLUMN answers SET DEFAULT '{{}}',"
            " ALTER COLUMN staff_answers SET DEFAULT '{}'",
            KEEP_APART.replace("{table}", table).replace("{owner}", owner),
            f"CREATE TRIGGER mapping_{table}_keep_apart BEFORE INSERT OR UPDATE OF answers ON mapping_{table}"
            f" FOR EACH ROW WHEN (NEW.answers <> '{{}}') EXECUTE FUNCTION mapping_{table}_keep_apart()",
        ],
        reverse_sql=[
            f"DROP TRIGGER mapping_{table}_keep_apart ON mapping_{table}",
            f"DROP FUNCTION mapping_{table}_keep_apart()",
            f"ALTER TABLE mapping_{table} ALTER COLUMN answers DROP DEFAULT, ALTER COLUMN staff_answers DROP DEFAULT",
        ],
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0026_surveys")]

    operations: ClassVar = [
        migrations.RunSQL(
            sql=question_changed(QUESTIONS), reverse_sql=question_changed(QUESTIONS_BEFORE)
        ),
        revisions("mapping_phase"),
        revisions("mapping_picture"),
        revisions("mapping_surveyrelease"),
        apart("contribution", "category_id"),
        apart("response", "campaign_id"),
        migrations.RunSQL(
            sql=[
                MOVE,
                "CREATE TRIGGER mapping_question_audience AFTER UPDATE OF audience ON mapping_question FOR EACH ROW"
                " WHEN (OLD.audience <> NEW.audience) EXECUTE FUNCTION mapping_question_audience()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_question_audience ON mapping_question",
                "DROP FUNCTION mapping_question_audience()",
            ],
        ),
        migrations.RunSQL(
            sql=[
                VALUES,
                COUNT.replace("{count_come}", ADD.replace("{rows}", COME))
                .replace("{count_gone}", ADD.replace("{rows}", GONE))
                .replace("{count_both}", ADD.replace("{rows}", f"{COME} UNION ALL {GONE}")),
                *(
                    f"CREATE TRIGGER mapping_count_responses_by_{event} AFTER {event.upper()} ON mapping_response"
                    f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION mapping_count_responses()"
                    for event, tables in EVENTS.items()
                ),
                RECOUNT.replace(
                    "{count}",
                    ADD.replace(
                        "{rows}",
                        ROWS.replace("{table}", "mapping_response").replace("{sign}", "1") + " AND campaign_id = survey",
                    ),
                ),
                FORGET,
                "CREATE TRIGGER mapping_forget_survey_counts AFTER DELETE ON mapping_campaign REFERENCING OLD TABLE AS gone"
                " FOR EACH STATEMENT EXECUTE FUNCTION mapping_forget_survey_counts()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_forget_survey_counts ON mapping_campaign",
                "DROP FUNCTION mapping_forget_survey_counts()",
                "DROP FUNCTION mapping_recount_survey(integer)",
                *(f"DROP TRIGGER mapping_count_responses_by_{event} ON mapping_response" for event in EVENTS),
                "DROP FUNCTION mapping_count_responses()",
                "DROP FUNCTION mapping_counted_values(text, jsonb)",
            ],
        ),
        migrations.RunSQL(
            sql="CREATE TRIGGER mapping_response_not_withdrawn AFTER INSERT ON mapping_response"
            " REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION mapping_refuse_withdrawn()",
            reverse_sql="DROP TRIGGER mapping_response_not_withdrawn ON mapping_response",
        ),
    ]
