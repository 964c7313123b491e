"""A filter that would keep the database busy is given up, with a reason."""

from math import cos, pi, sin

import pytest
from django.db import connection
from django.test import Client

from mapping.models import Campaign
from mapping.ogc import limits
from tests.api.conftest import reasons
from tests.ogc.asking import ITEMS, ids
from tests.personas import make_contribution

CELLS = "/ogc/collections/fear-spaces-cells/items"
COSTLY = " OR ".join(f"ACCENTI(CASEI(text)) LIKE ACCENTI(CASEI('%a%b%z{number}'))" for number in range(40))


@pytest.mark.django_db(transaction=True)
def test_costly_filter_is_given_up(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        make_contribution(campaign, text="abc" * 1600 + str(number))
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.01)
    refused = Client().get(ITEMS, {"filter": COSTLY})
    assert refused.status_code == 400
    assert reasons(refused) == {"filter": "takes_too_long"}
    # The next one on the same connection is not cut short.
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    assert len(ids(filter="text LIKE 'abc%7'")) == 4


@pytest.mark.django_db(transaction=True)
def test_costly_filter_of_cells_is_given_up(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        make_contribution(campaign, (7.72 + number / 600, 49.44))
    angles = [number * 2 * pi / 300 for number in range(300)]
    ring = ",".join(f"{7.77 + cos(turn) / 20:.5f} {49.44 + sin(turn) / 50:.5f}" for turn in angles)
    outline = f"POLYGON(({ring},{ring.partition(',')[0]}))"
    costly = " OR ".join([f"S_CROSSES(geometry, {outline})", f"S_TOUCHES(geometry, {outline})"])
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.001)
    refused = Client().get(CELLS, {"filter": costly, "size": "100"})
    assert refused.status_code == 400
    assert reasons(refused) == {"filter": "takes_too_long"}
    assert Client().get(CELLS, {"size": "100"}).status_code == 200
