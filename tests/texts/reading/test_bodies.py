"""Bodies of sections as paragraphs, lists and tables."""

from texts.reading.bodies import Block, Piece, blocks_of


def read(body: str) -> list[tuple[str, list[list[str]]]]:
    return [(one.kind, [[piece.text for piece in row] for row in one.rows]) for one in blocks_of(body)]


def test_paragraphs_keep_their_lines() -> None:
    assert read("One\nline\n\n\nTwo") == [("paragraph", [["One\nline"]]), ("paragraph", [["Two"]])]


def test_items_behind_a_paragraph_are_a_list() -> None:
    assert read("Aims:\n- trees\n- benches\nEnd") == [
        ("paragraph", [["Aims:"]]),
        ("list", [["trees"], ["benches"]]),
        ("paragraph", [["End"]]),
    ]


def test_lines_with_cells_are_a_table_and_one_alone_is_a_sentence() -> None:
    assert read("a | b\nc | d\n\ne | f") == [
        ("table", [["a", "b"], ["c", "d"]]),
        ("paragraph", [["e | f"]]),
    ]


def test_pieces_know_where_they_stand_in_the_body() -> None:
    body = "Aims:\n\n- trees\n- benches\n\na | b\nc | d"
    pieces = [piece for block in blocks_of(body) for row in block.rows for piece in row]
    assert all(body[one.start : one.start + len(one.text)] == one.text for one in pieces)


def test_empty_body_has_no_blocks() -> None:
    assert list(blocks_of("")) == []
    assert list(blocks_of(" \n\n")) == []
    assert list(blocks_of("x")) == [Block("paragraph", [[Piece(0, "x")]])]


def test_numbered_items_keep_their_first_number_and_a_date_is_no_list() -> None:
    [block] = blocks_of("3. trees\n4. benches")
    assert (block.kind, block.first, [row[0].text for row in block.rows]) == (
        "numbered",
        3,
        ["trees", "benches"],
    )
    assert read("3. October is a holiday") == [("paragraph", [["3. October is a holiday"]])]
