"""New campaigns from templates and copies."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from accounts.models import Membership, Role, User
from mapping.demo.pictures import draw
from mapping.models import Campaign, CampaignChange, Comparison, Phase, Picture, Publication, Question
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.photos.city_pictures import store_picture
from mapping.services.setup.new import free_slug, from_campaign, from_template
from mapping.services.setup.templates import TEMPLATES, Template, template_named
from tests import personas


@pytest.fixture
def maker(db: None) -> User:
    """Somebody who may make campaigns and is no administrator."""
    return personas.make_user("maker@example.org", may_make_campaigns=True)


def template(name: str) -> Template:
    """The template of a name."""
    found = template_named(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [one.name for one in TEMPLATES])
def test_each_template_makes_a_draft_that_its_maker_manages(maker: User, name: str) -> None:
    campaign = from_template("Mehr Schatten für alle", template(name), maker)
    assert campaign.is_draft
    assert campaign.slug == "mehr-schatten-fuer-alle"
    assert Membership.objects.filter(user=maker, campaign=campaign, role=Role.MANAGER).exists()
    newest = CampaignChange.objects.filter(campaign=campaign).first()
    assert newest is not None
    assert newest.step == "new"


def test_protected_template_protects(maker: User) -> None:
    campaign = from_template("Angsträume", template("protected"), maker)
    assert campaign.publication == Publication.CELLS
    assert not campaign.allows_photos


def test_second_campaign_of_a_title_gets_a_number(maker: User) -> None:
    places = template("places")
    slugs = [from_template("Größe", places, maker).slug for _number in range(3)]
    assert slugs == ["groesse", "groesse-2", "groesse-3"]


def test_long_and_foreign_titles_have_addresses(maker: User) -> None:
    assert len(free_slug("Straße " * 30)) <= 80
    assert free_slug("参加") == "beteiligung"
    personas.make_campaign("a" * 80, with_categories=False)
    assert free_slug("a" * 100) == "a" * 78 + "-2"


def test_nobody_else_makes_campaigns(manager: User) -> None:
    places = template("places")
    with pytest.raises(NotAllowed) as refused:
        from_template("Noch eine", places, manager)
    assert refused.value.code == "not_maker"


def test_title_is_needed(maker: User) -> None:
    places = template("places")
    with pytest.raises(Invalid) as refused:
        from_template("", places, maker)
    assert "title" in refused.value.fields
    assert not Campaign.objects.exists()


def test_copy_takes_what_was_made_and_nothing_that_people_gave(campaign: Campaign, maker: User) -> None:
    Membership.objects.create(user=maker, campaign=campaign, role=Role.MANAGER)
    picture = store_picture(campaign, draw(Random(1)), "A tree")  # noqa: S311 - the same picture each time
    campaign.picture, campaign.outcome, campaign.description = picture, "Built.", "About it"
    campaign.save()
    now = timezone.now()
    Phase.objects.create(campaign=campaign, title="One", opens_at=now, closes_at=now + timedelta(days=1))
    choices = [
        {"value": "a", "title": "A", "picture": str(picture.pk), "alt": "A"},
        {"value": "b", "title": "B"},
    ]
    Question.objects.create(
        campaign=campaign, slug="q", title="Which?", kind="single_choice", options={"choices": choices}
    )
    group = {"title": "A and B", "size": 100, "choices": ["a", "b"]}
    Comparison.objects.create(
        question=Question.objects.of_survey(campaign.pk).get(),
        about="other",
        unit="per_cent",
        groups=[group],
        source="Census",
        as_of=now,
        is_public=True,
    )
    personas.make_contribution(campaign)

    copy = from_campaign("Another one", campaign, maker)

    assert (copy.is_draft, copy.opens_at, copy.closes_at, copy.outcome) == (True, None, None, "")
    assert (copy.area, copy.description) == (campaign.area, "About it")
    assert not copy.phases.exists()
    assert not copy.contributions.exists()
    assert list(copy.categories.values_list("slug")) == list(campaign.categories.values_list("slug"))
    assert [one.slug for one in Question.objects.of_categories(copy.pk)] == [
        one.slug for one in Question.objects.of_categories(campaign.pk)
    ]
    assert copy.picture is not None
    assert (copy.picture.pk, copy.picture.alt) != (picture.pk, "")
    asked = Question.objects.of_survey(copy.pk).get()
    assert asked.options["choices"][0]["picture"] == str(copy.picture.pk)
    assert Picture.objects.filter(campaign=copy).count() == 1
    compared = Comparison.objects.get(question=asked)
    assert (compared.groups, compared.source, compared.is_public) == ([group], "Census", True)
    assert set(Membership.objects.filter(campaign=copy).values_list("user", flat=True)) == {maker.pk}


def test_campaigns_of_others_are_not_copied(campaign: Campaign, maker: User) -> None:
    with pytest.raises(NotAllowed) as refused:
        from_campaign("Mine now", campaign, maker)
    assert refused.value.code == "not_manager"
