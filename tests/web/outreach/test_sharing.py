"""What messengers show of a campaign's link, and how people pass it on."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import Role
from mapping.exports.documents import qr
from mapping.exports.documents.typeface import has_letters_for
from mapping.links.short import code_of
from mapping.models import Campaign, Picture
from mapping.services.releases.making import make_release
from mapping.web.drawings.shared import SharedWords, draw_shared
from mapping.wording import in_words_day
from tests import personas
from tests.personas import PENDING, STATION, TOWN_HALL

pytestmark = pytest.mark.django_db
PAGE = "/campaigns/fear-spaces/"
DRAWN = f"{PAGE}share.png"


def meta_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', html))


def picture_of(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_campaigns_link_shows_its_words_and_a_drawn_map(client: Client) -> None:
    campaign = personas.make_campaign(title="Wo ist es dunkel?", summary="Zeigen Sie es uns.")
    meta = meta_of(client.get(PAGE).content.decode())
    assert meta["og:title"] == "Wo ist es dunkel?"
    assert meta["og:description"] == meta["description"] == "Zeigen Sie es uns."
    assert meta["og:url"] == f"http://testserver{PAGE}"
    assert meta["og:image"] == f"http://testserver{DRAWN}"
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
    answer = client.get(DRAWN)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert picture_of(answer.content).size == (1200, 630)
    assert campaign.title


def test_its_title_picture_comes_first(campaign: Campaign, client: Client) -> None:
    campaign.picture = Picture.objects.create(
        campaign=campaign, file="a.jpg", width=800, height=400, alt="A dark street", digest=b"a"
    )
    campaign.save()
    meta = meta_of(client.get(PAGE).content.decode())
    assert meta["og:image"] == f"http://testserver/pictures/{campaign.picture.pk}.jpg"
    assert meta["og:image:alt"] == "A dark street"


def test_the_picture_shows_what_is_public_and_changes_with_it(campaign: Campaign, client: Client) -> None:
    empty = client.get(DRAWN).content
    hidden = personas.make_contribution(campaign, TOWN_HALL, status=PENDING)
    assert client.get(DRAWN).content == empty
    hidden.status = "published"
    hidden.save()
    assert client.get(DRAWN).content != empty


def test_the_picture_changes_when_the_clock_begins_the_campaign(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = personas.make_campaign(opens_at=timezone.now() + timedelta(days=1))
    personas.make_contribution(campaign, TOWN_HALL)
    before = client.get(DRAWN).content
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get(DRAWN).content != before


def test_the_picture_of_a_protected_campaign_shows_areas_alone(client: Client) -> None:
    campaign = personas.make_campaign(publication="cells")
    for _number in range(6):
        personas.make_contribution(campaign, TOWN_HALL)
    before = client.get(DRAWN).content
    make_release(campaign)
    released = client.get(DRAWN).content
    assert released != before
    personas.make_contribution(campaign, STATION)
    assert client.get(DRAWN).content == released


def test_pictures_of_drafts_are_for_members(draft_campaign: Campaign, client: Client) -> None:
    address = f"/campaigns/{draft_campaign.slug}/share.png"
    assert client.get(address).status_code == 404
    member = personas.make_user("member@example.org", draft_campaign, Role.ANALYST)
    answer = personas.staff_browser(member).get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_campaign_without_an_area_has_no_picture(client: Client) -> None:
    personas.make_campaign(area=None)
    assert client.get(DRAWN).status_code == 404
    assert "og:image" not in meta_of(client.get(PAGE).content.decode())


@pytest.mark.parametrize("title", ["A", "Donaudampfschifffahrtsgesellschaft" * 4, "Wo ist es dunkel? " * 9])
def test_every_title_fits(title: str) -> None:
    words = SharedWords("Kaiserslautern", title, "Take part", "until 6 Sept. 2026")
    data = draw_shared(words, personas.area(), [("blue", personas.wkt(TOWN_HALL))], accent="#ffd400")
    assert picture_of(data).size == (1200, 630)


def test_the_typeface_has_the_letters_of_most_languages() -> None:
    assert all(map(has_letters_for, ["Grüße, “Ça” – Łódź", "Міста", "Πόλη", "1 2\n3"]))
    assert not any(map(has_letters_for, ["مدينة", "城市", "ከተማ"]))


def test_the_link_can_be_copied_and_mailed_without_javascript(campaign: Campaign, client: Client) -> None:
    contribution = personas.make_contribution(campaign)
    for address in (PAGE, f"{PAGE}contributions/{contribution.pk}/"):
        html = client.get(address).content.decode()
        assert f'data-share="http://testserver{address}"' in html
        assert f"body=http%3A%2F%2Ftestserver{address.replace('/', '%2F')}" in html
        assert f'value="http://testserver{address}"' in html


def test_lists_and_pages_name_their_address_on_paper(campaign: Campaign, client: Client) -> None:
    contribution = personas.make_contribution(campaign)
    for address in (PAGE, f"{PAGE}contributions/{contribution.pk}/", "/campaigns/?page=1"):
        html = client.get(address).content.decode()
        printed = html.partition('<div class="printed-address" hidden>')[2]
        assert f"<p>http://testserver{address}</p>" in printed[:400]
        assert re.search(r'css/(print|campaign_page)[-\w]*\.css"', html)


def test_printed_pages_carry_a_code_that_leads_to_them(campaign: Campaign, client: Client) -> None:
    contribution = personas.make_contribution(campaign)
    own = f"http://testserver{PAGE}contributions/{contribution.pk}/"
    short = f"http://testserver{reverse('short-address', args=(code_of(campaign.pk),))}"
    for address, code in ((own, own), (f"http://testserver{PAGE}", short)):
        html = client.get(address).content.decode()
        printed = html.partition('<div class="printed-address" hidden>')[2].partition("</svg>")[0] + "</svg>"
        assert f"<p>Stand: {in_words_day(timezone.localdate())}</p>" in printed
        assert f'aria-label="QR-Code: öffnet {code}"' in printed
        assert qr.as_svg(code) in printed
    assert client.get(short, follow=True).redirect_chain[-1][0] == PAGE
