"""Fill the database that `DATABASE_URL` names: `python -m tests.service.filling`."""

import django
from django.core.management import call_command
from django.db import connection

SLUG = "long-answers"
ROWS = 3_000

# Texts of random digits: compressed, they are still longer than what sockets and servers hold for a client.
_MANY = """
    INSERT INTO mapping_contribution (id, campaign_id, category_id, geom, text, answers, status, source, fingerprint,
        created_at, updated_at, support_count, opposition_count, comment_count)
    SELECT gen_random_uuid(), campaign_id, category_id, geom,
        (SELECT string_agg(md5(random()::text || n || part), '') FROM generate_series(1, 100) AS part),
        '{}', 'published', source, '', created_at - n * interval '1 minute', updated_at, 0, 0, 0
    FROM mapping_contribution, generate_series(1, %s) AS many (n)
"""
# PostgreSQL believes that there are forty times as many: two connections then read them side by side
# (`mapping.exports.streams.division`).
_BELIEVED = (
    "ALTER TABLE mapping_contribution SET (autovacuum_enabled = false)",
    "ANALYZE",
    "UPDATE pg_class SET reltuples = reltuples * 40 WHERE relname = 'mapping_contribution'",
)


def main() -> None:
    """One campaign with one contribution of its own and many of random text."""
    django.setup()
    from benchmarks.site.kill import prepare as prepare_kill_test
    from tests.personas import make_campaign, make_contribution

    call_command("migrate", verbosity=0)
    make_contribution(make_campaign(SLUG))
    prepare_kill_test()
    with connection.cursor() as cursor:
        cursor.execute(_MANY, [ROWS])
        for statement in _BELIEVED:
            cursor.execute(statement)


if __name__ == "__main__":
    main()
