"""SQL functions of the search: one place for how words are folded, in texts and in queries."""

from typing import Final

_FOLD: Final = """
CREATE OR REPLACE FUNCTION mapping_search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT translate(
        lower(words),
        'àáâãåāăąçćčèéêëēęěğìíîïīıłñńňòóôõøōőřśşšťùúûūůűýÿźżž',
        'aaaaaaaaccceeeeeeegiiiiiilnnnooooooorssstuuuuuuyyzzz'
    )
$function$
"""
# The German stemmer makes ä an a; who types ae finds the word by its second spelling.
_SPELLED: Final = """
CREATE OR REPLACE FUNCTION mapping_search_spelled(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT coalesce(string_agg(replace(replace(replace(word, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), ' '), '')
    FROM regexp_split_to_table(words, '[^[:alnum:]]+') AS word WHERE word ~ '[äöü]'
$function$
"""
# Plurals have an umlaut where the stem has none: Stadtbäume, Spielplätze.
_PARTS: Final = """
CREATE OR REPLACE FUNCTION mapping_search_parts(words text) RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT coalesce(string_agg(stem.parts, ' '), '') FROM mapping_searchstem AS stem WHERE stem.stem IN (
        SELECT piece
        FROM (
            SELECT DISTINCT one AS word, regexp_replace(one, '(e|en|er|es|n|s)$', '') AS bare
            FROM regexp_split_to_table(words, '[^[:alpha:]]+') AS one WHERE length(one) BETWEEN 6 AND 60
        ) AS long,
        generate_series(2, length(long.word) - 3) AS size,
        LATERAL (VALUES
            (left(long.word, size)), (right(long.word, size)), (right(long.bare, size)),
            (translate(right(long.bare, size), 'äöü', 'aou'))
        ) AS pieces (piece)
    )
$function$
"""
# "weg" (away) is a stop word for PostgreSQL; here people mean der Weg. The plural has the same stem and is none.
_GERMAN: Final = """
CREATE OR REPLACE FUNCTION mapping_search_german(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT to_tsvector('german', regexp_replace(words, '\\mweg\\M', 'wege', 'g'))
$function$
"""
# A vector holds at most 1 MB: what comes behind the first 100,000 letters of a text is not searched.
_VECTOR: Final = """
CREATE OR REPLACE FUNCTION mapping_search_vector(language text, title text, body text) RETURNS tsvector
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    dictionary regconfig := CASE WHEN language LIKE 'en%' THEN 'english' ELSE 'simple' END;
    head text := mapping_search_fold(left(title, 1000));
    rest text := mapping_search_fold(left(body, 100000));
    whole text := head || ' ' || rest;
    parts text := mapping_search_parts(whole);
BEGIN
    IF language NOT LIKE 'de%' THEN
        RETURN setweight(to_tsvector(dictionary, head), 'A') || setweight(to_tsvector(dictionary, rest), 'B');
    END IF;
    RETURN setweight(mapping_search_german(head), 'A') || setweight(mapping_search_german(rest), 'B')
        || setweight(mapping_search_german(mapping_search_spelled(whole)), 'C')
        || setweight(mapping_search_german(parts || ' ' || mapping_search_spelled(parts)), 'D');
END
$function$
"""
# One word: its stems in both languages, spelled with ä or with ae, and as it is. Stop words of either language stand in
# no vector of that language: they find nothing alone and are left out beside others.
_WORD: Final = """
CREATE OR REPLACE FUNCTION mapping_search_word(word text, is_beginning boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
    folded text := mapping_search_fold(word);
    plain text := translate(folded, 'äöüß', 'aous');
    spelled text := replace(replace(replace(replace(folded, 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss');
    found tsquery := plainto_tsquery('german', CASE folded WHEN 'weg' THEN 'wege' ELSE folded END);
BEGIN
    IF numnode(found) = 0 OR numnode(plainto_tsquery('english', folded)) = 0 THEN
        RETURN ''::tsquery;
    END IF;
    found := found || plainto_tsquery('german', spelled) || plainto_tsquery('english', folded)
        || plainto_tsquery('simple', folded);
    IF is_beginning AND length(folded) >= 3 THEN
        found := found || to_tsquery('simple', quote_literal(plain) || ':*')
            || to_tsquery('simple', quote_literal(spelled) || ':*');
    END IF;
    RETURN found;
END
$function$
"""
# Words that follow each other as in the text; stop words between them count as places, and alone are left out as above.
_PHRASE: Final = """
CREATE OR REPLACE FUNCTION mapping_search_phrase(words text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $function$
DECLARE
    folded text := mapping_search_fold(words);
    german tsquery := phraseto_tsquery('german', regexp_replace(folded, '\\mweg\\M', 'wege', 'g'));
    english tsquery := phraseto_tsquery('english', folded);
BEGIN
    IF numnode(german) = 0 OR numnode(english) = 0 THEN
        RETURN ''::tsquery;
    END IF;
    RETURN german || english || phraseto_tsquery('simple', folded);
END
$function$
"""
CREATE: Final = (_FOLD, _SPELLED, _PARTS, _GERMAN, _VECTOR, _WORD, _PHRASE)
DROP: Final = (
    "DROP FUNCTION IF EXISTS mapping_search_phrase(text)",
    "DROP FUNCTION mapping_search_word(text, boolean)",
    "DROP FUNCTION mapping_search_vector(text, text, text)",
    "DROP FUNCTION mapping_search_german(text)",
    "DROP FUNCTION mapping_search_parts(text)",
    "DROP FUNCTION mapping_search_spelled(text)",
    "DROP FUNCTION mapping_search_fold(text)",
)
