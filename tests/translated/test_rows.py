"""Translations go with what they translate, and answers that are kept learn of every change of them."""

import pytest
from django.db import connection

from accounts.models import User
from mapping.models import Campaign, Change, Translation
from mapping.services.setup import translating
from tests.surveys.every_kind import make_survey

pytestmark = pytest.mark.django_db


def test_translations_go_whatever_way_their_rows_are_deleted_and_each_change_is_noted(
    campaign: Campaign, manager: User
) -> None:
    colour = make_survey(campaign)["colour"]
    title = f"question.{colour.pk}.title"
    numbers = [Change.objects.revision_of(campaign.pk).number]

    def noted() -> bool:
        numbers.append(Change.objects.revision_of(campaign.pk).number)
        return numbers[-1] > numbers[-2]

    translating.set_translations(campaign, manager, "tr", {title: "Renk?"})
    assert noted()
    translating.set_translations(campaign, manager, "tr", {title: "Hangi renk?"})
    assert noted()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mapping_question WHERE id = %s", [colour.pk])
    assert not Translation.objects.exists()
    assert noted()
    translating.set_translations(campaign, manager, "tr", {f"campaign.{campaign.pk}.title": "Başlık"})
    campaign.delete()
    assert not Translation.objects.exists()
