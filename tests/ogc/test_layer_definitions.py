"""Layer definitions of QGIS: what stands in them, and for whom. `tests/clients/test_qgis.py` opens them in QGIS."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from accounts.models import Role, User
from mapping.exports.styles.symbols import COLOURS
from mapping.models import Campaign, DistrictLayer
from mapping.ogc.tiles import levels
from mapping.services import access_links
from tests import personas


def read(address: str, client: Client | None = None) -> ET.Element:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/x-qgis-layer-definition"
    return ET.fromstring(answer.content)  # noqa: S314 - our own


def sources(root: ET.Element) -> dict[str, str]:
    """The address of the API by collection."""
    found = [layer.findtext("datasource", "") for layer in root.iter("maplayer")]
    return {
        re.search(r"typename='([^']*)'", one)[1]: re.search(r"url='([^']*)'", one)[1]  # type: ignore[index]
        for one in found
    }


def test_campaign_is_a_group_of_its_layers(campaign: Campaign) -> None:
    campaign.district_layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    campaign.save()
    answer = Client().get("/ogc/campaigns/fear-spaces/qgis.qlr")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fear-spaces.qlr"'
    root = read("/ogc/campaigns/fear-spaces/qgis.qlr")
    kinds = ("points", "lines", "areas", "cells", "districts", "area")
    assert sources(root) == {f"fear-spaces-{kind}": "http://testserver/ogc/" for kind in kinds}
    tree = [one.get("name") for one in root.iter("layer-tree-group")]
    assert tree == ["", campaign.title]


def test_categories_have_their_colours(campaign: Campaign) -> None:
    root = read("/ogc/collections/fear-spaces-points/qgis.qlr")
    categories = {one.get("value"): one.get("label") for one in root.iter("category")}
    assert categories == {"spot": "Spot", "anything": "Anything", "survey": "Survey", "": "…"}
    red, green, blue = (int(COLOURS["brown"][at : at + 2], 16) for at in (1, 3, 5))
    assert f'value="{red},{green},{blue},255"' in ET.tostring(root, encoding="unicode")


def test_contributions_are_a_layer_for_each_kind_of_place(campaign: Campaign) -> None:
    root = read("/ogc/collections/fear-spaces-contributions/qgis.qlr")
    assert list(sources(root)) == [f"fear-spaces-{kind}" for kind in ("points", "lines", "areas")]
    campaign.categories.exclude(slug="idea").delete()
    root = read("/ogc/collections/fear-spaces-contributions/qgis.qlr")
    assert list(sources(root)) == ["fear-spaces-contributions"]


def test_any_words_make_good_xml(campaign: Campaign) -> None:
    odd = "<b>\"Ä\" & 'ö'\x0b\x1f\ufffe ]]>"
    campaign.title = campaign.summary = campaign.attribution = odd
    campaign.save()
    campaign.categories.update(title=odd)
    root = read("/ogc/campaigns/fear-spaces/qgis.qlr")
    expected = "<b>\"Ä\" & 'ö' ]]>"
    assert [one.get("name") for one in root.iter("layer-tree-group")][1] == expected
    assert {one.text for one in root.iter("attribution")} == {expected}


def test_protected_campaign_has_no_single_places(cells_campaign: Campaign) -> None:
    address = f"/ogc/campaigns/{cells_campaign.slug}/qgis.qlr"
    expected = [f"{cells_campaign.slug}-{kind}" for kind in ("cells", "area")]
    assert list(sources(read(address))) == expected
    assert Client().get(f"/ogc/collections/{cells_campaign.slug}-points/qgis.qlr").status_code == 403


def test_private_link_stays_in_the_file(cells_campaign: Campaign) -> None:
    maker = personas.make_user("head@example.org", cells_campaign, Role.ANALYST)
    _link, secret = access_links.make(cells_campaign, "QGIS", actor=maker)
    found = sources(read(f"/ogc/key/{secret}/campaigns/{cells_campaign.slug}/qgis.qlr"))
    assert f"{cells_campaign.slug}-points" in found
    assert set(found.values()) == {f"http://testserver/ogc/key/{secret}/"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ogc/campaigns/none/qgis.qlr", 404),
        ("/ogc/campaigns/secret-plan/qgis.qlr", 404),
        ("/ogc/collections/secret-plan-points/qgis.qlr", 404),
        ("/ogc/collections/fear-spaces-districts/qgis.qlr", 404),
        ("/ogc/campaigns/fear-spaces/qgis.qlr?x=1", 400),
    ],
)
def test_what_is_not_there_is_a_problem(
    campaign: Campaign, draft_campaign: Campaign, address: str, status: int
) -> None:
    answer = Client().get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_page_of_a_collection_opens_it_in_qgis(campaign: Campaign, analyst: User) -> None:
    _link, secret = access_links.make(campaign, "QGIS", actor=analyst)
    for root in ("/ogc/", f"/ogc/key/{secret}/"):
        page = Client().get(f"{root}collections/fear-spaces-points?f=html").content.decode()
        assert f'href="http://testserver{root}collections/fear-spaces-points/qgis.qlr"' in page


def test_large_campaign_is_drawn_from_tiles(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells first, points from a scale on; what is fetched page by page waits for a click and a larger scale."""
    address = "/ogc/campaigns/fear-spaces/qgis.qlr"
    for number in range(4):
        personas.make_contribution(campaign, (7.74 + number / 100, 49.43))
    assert "vector-tile" not in {one.get("type") for one in read(address).iter("maplayer")}
    monkeypatch.setattr(levels, "MOST_FEATURES", 3)
    root = read(address)
    layers = {one.findtext("id", ""): one for one in root.iter("maplayer")}
    assert list(layers) == [
        "fear-spaces-contributions-tiles",
        *(f"fear-spaces-{kind}" for kind in ("points", "lines", "areas")),
        "fear-spaces-cells-tiles",
        *(f"fear-spaces-{kind}" for kind in ("cells", "area")),
    ]
    shown = {one.get("id") for one in root.iter("layer-tree-layer") if one.get("checked") == "Qt::Checked"}
    assert shown == {"fear-spaces-contributions-tiles", "fear-spaces-cells-tiles", "fear-spaces-area"}
    near, far = layers["fear-spaces-contributions-tiles"], layers["fear-spaces-cells-tiles"]
    assert near.get("minScale") == far.get("maxScale")
    points = layers["fear-spaces-points"]
    assert int(points.get("minScale", "0")) * 2 == pytest.approx(int(near.get("minScale", "0")), abs=1)
    template = "http://testserver/ogc/collections/fear-spaces-contributions/tiles/WebMercatorQuad/{z}/{y}/{x}"
    assert near.findtext("datasource") == f"type=xyz&url={template}&zmax=18&zmin=0"
    classes = [(one.get("geometry"), one.get("expression")) for one in near.iter("style")]
    assert ("0", "\"category\" = 'spot'") in classes
    assert len(classes) == len(set(classes))


def test_private_link_of_a_large_campaign_is_in_the_addresses_of_its_tiles(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "MOST_FEATURES", 1)
    for status in (personas.PENDING, personas.PENDING):
        personas.make_contribution(campaign, status=status)
    analyst = personas.make_user("analyst@example.org", campaign, Role.ANALYST)
    _link, secret = access_links.make(campaign, "QGIS", actor=analyst)
    made = read(f"/ogc/key/{secret}/campaigns/fear-spaces/qgis.qlr").iter("maplayer")
    tiles = [one.findtext("datasource", "") for one in made if one.get("type") == "vector-tile"]
    assert len(tiles) == 2
    assert all(f"url=http://testserver/ogc/key/{secret}/collections/" in one for one in tiles)
    # The public, for whom there is nothing yet, gets plain layers.
    assert all(
        one.get("type") == "vector" for one in read("/ogc/campaigns/fear-spaces/qgis.qlr").iter("maplayer")
    )
