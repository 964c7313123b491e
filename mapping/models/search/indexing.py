"""How rows of a table are indexed for the search: triggers keep the index, whatever way a change takes.

A row is indexed by what its own table says of it. Whether it is public in the end is decided when it is found, by the
gate of its kind (`mapping.search.kinds`): what a draft, a protected campaign or a removed parent hides needs no change
of the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INDEX: Final = "mapping_searchtext"
_COLUMNS: Final = "kind, key, subject, campaign_id, at, vector"
_TRANSITIONS: Final = {
    "insert": "NEW TABLE AS come",
    "delete": "OLD TABLE AS gone",
    "update": "OLD TABLE AS gone NEW TABLE AS come",
}
_FUNCTION: Final = """
CREATE FUNCTION {table}_indexed() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {insert_come}
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM {index} WHERE kind = '{kind}' AND key IN (SELECT rows.id::text FROM gone AS rows);
    ELSIF TG_OP = 'TRUNCATE' THEN
        DELETE FROM {index} WHERE kind = '{kind}';
    ELSE
        DELETE FROM {index} WHERE kind = '{kind}'
            AND key IN (SELECT key FROM (({gone}) EXCEPT ({come})) AS before);
        {insert_changed}
    END IF;
    RETURN NULL;
END
$function$
"""


@dataclass(frozen=True)
class IndexedTable:
    """A table with texts; its primary key is `id`.

    `texts` is a SELECT from `{rows}` with the columns key (the id as text), subject (the id of what is found by it),
    language, campaign_id, at (later ones are found first), title and body; it leaves out rows that are not public by
    themselves. {rows} stands for any rows of the table, which are called `rows`.
    """

    kind: str
    table: str
    texts: str

    def texts_of(self, rows: str) -> str:
        """The SELECT for certain rows: a table, or a query in brackets."""
        return self.texts.replace("{rows}", f"{rows} AS rows")

    def insertion(self, texts: str) -> str:
        """The statement that indexes texts."""
        return (
            f"INSERT INTO {INDEX} ({_COLUMNS})"
            f" SELECT '{self.kind}', key, subject, campaign_id, at, mapping_search_vector(language, title, body)"
            f" FROM ({texts}) AS found"
        )

    def words_of(self, rows: str) -> str:
        """The SELECT of title and body in one column, for certain rows."""
        return f"SELECT title || ' ' || body FROM ({self.texts_of(rows)}) AS found"

    def filling(self) -> list[str]:
        """Statements that index the whole table anew."""
        return [f"DELETE FROM {INDEX} WHERE kind = '{self.kind}'", self.insertion(self.texts_of(self.table))]

    def triggers(self) -> tuple[list[str], list[str]]:
        """Statements that let the index follow the table, and those that end it: for `RunSQL` in a migration."""
        come, gone = self.texts_of("come"), self.texts_of("gone")
        values = {
            "table": self.table,
            "index": INDEX,
            "kind": self.kind,
            "come": come,
            "gone": gone,
            "insert_come": f"{self.insertion(come)};",
            "insert_changed": f"{self.insertion(f'({come}) EXCEPT ({gone})')};",
        }
        create = [_FUNCTION.format(**values)]
        create += [
            f"CREATE TRIGGER {self.table}_indexed_by_{event} AFTER {event.upper()} ON {self.table}"
            f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_indexed()"
            for event, tables in _TRANSITIONS.items()
        ]
        create.append(
            f"CREATE TRIGGER {self.table}_indexed_by_truncate AFTER TRUNCATE ON {self.table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_indexed()"
        )
        drop = [
            f"DROP TRIGGER {self.table}_indexed_by_{event} ON {self.table}"
            for event in (*_TRANSITIONS, "truncate")
        ]
        return create, [*drop, f"DROP FUNCTION {self.table}_indexed()"]
