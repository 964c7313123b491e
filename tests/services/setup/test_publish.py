"""The checklist, the publication and the people of a campaign."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Role, User
from mapping.models import Audience, Campaign, CampaignChange, Question
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.setup import people, publish
from mapping.services.setup.checklist import blocking, findings
from tests import personas


@pytest.fixture
def draft(campaign: Campaign, manager: User) -> Campaign:
    """THE campaign before its publication."""
    Campaign.objects.update(is_draft=True)
    campaign.refresh_from_db()
    return campaign


def codes(campaign: Campaign) -> set[str]:
    """What the checklist says."""
    return {one.code for one in findings(campaign)}


def ask(campaign: Campaign, title: str, **fields: Any) -> Question:
    """A question of the campaign's survey."""
    return Question.objects.create(campaign=campaign, slug="q", title=title, **{"kind": "text", **fields})


def test_checklist_finds_what_is_missing(draft: Campaign) -> None:
    Campaign.objects.update(area=None, closes_at=None)
    draft.refresh_from_db()
    assert {"setup_no_area", "setup_no_end", "setup_no_contact", "setup_no_summary"} <= codes(draft)
    assert [one.code for one in blocking(draft)] == ["setup_no_area"]


def test_campaign_without_category_and_question_has_nothing_to_do(draft: Campaign) -> None:
    draft.categories.all().delete()
    assert "setup_nothing_to_do" in {one.code for one in blocking(draft)}
    ask(draft, "A heading", kind="note")
    assert "setup_nothing_to_do" in {one.code for one in blocking(draft)}
    Question.objects.all().delete()
    ask(draft, "Which colour?")
    Campaign.objects.update(area=None)
    draft.refresh_from_db()
    assert blocking(draft) == []


def test_question_without_choices_blocks(draft: Campaign) -> None:
    ask(draft, "Which?", kind="single_choice", options={"choices": []})
    assert {one.code for one in blocking(draft)} == {"setup_question_unfit"}


@pytest.mark.parametrize(
    "title", ["Ihr Name", "Wie heißen Sie?", "E-Mail-Adresse", "Ihre Telefonnummer", "Your phone"]
)
def test_questions_for_a_person_are_warned_about(draft: Campaign, title: str) -> None:
    question = ask(draft, title)
    assert "setup_asks_for_person" in codes(draft)
    Campaign.objects.update(publication="cells")
    draft.refresh_from_db()
    assert "setup_asks_for_person_protected" in codes(draft)
    question.audience = Audience.STAFF
    question.save()
    assert not any(one.startswith("setup_asks") for one in codes(draft))


@pytest.mark.parametrize("title", ["Straßenname der Umleitung", "Was fehlt hier?", "Benamung"])
def test_other_questions_are_not(draft: Campaign, title: str) -> None:
    ask(draft, title)
    assert not any(one.startswith("setup_asks") for one in codes(draft))


def test_number_of_queries_does_not_grow(draft: Campaign, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(12):
        findings(Campaign.objects.get(pk=draft.pk)) and None
    for number in range(5):
        ask(draft, "Q", kind="yes_no").delete()
        Question.objects.create(campaign=draft, slug=f"q{number}", title="Q", kind="yes_no", position=number)
    with django_assert_num_queries(12):
        findings(Campaign.objects.get(pk=draft.pk)) and None


def test_publication_is_kept_in_the_history(draft: Campaign, manager: User) -> None:
    publish.publish(draft, manager)
    publish.publish(draft, manager)
    draft.refresh_from_db()
    assert not draft.is_draft
    assert [one.step for one in CampaignChange.objects.filter(campaign=draft)] == ["publish"]


def test_incomplete_campaign_is_not_published(draft: Campaign, manager: User) -> None:
    draft.categories.all().delete()
    with pytest.raises(Conflict) as refused:
        publish.publish(draft, manager)
    assert refused.value.code == "not_publishable"


def test_nobody_else_publishes(draft: Campaign, moderator: User) -> None:
    with pytest.raises(NotAllowed):
        publish.publish(draft, moderator)


def test_draft_again_only_while_nobody_took_part(campaign: Campaign, manager: User) -> None:
    publish.unpublish(campaign, manager)
    campaign.refresh_from_db()
    assert campaign.is_draft
    publish.publish(campaign, manager)
    personas.make_contribution(campaign)
    with pytest.raises(Conflict) as refused:
        publish.unpublish(campaign, manager)
    assert refused.value.code == "has_contributions"


def test_member_is_added_by_address(campaign: Campaign, manager: User) -> None:
    anna = personas.make_user("anna@example.org")
    people.add_member(campaign, manager, " Anna@Example.org ", Role.ANALYST)
    assert Membership.objects.filter(user=anna, campaign=campaign, role=Role.ANALYST).exists()
    with pytest.raises(Invalid) as refused:
        people.add_member(campaign, manager, "anna@example.org", Role.ANALYST)
    assert [one.code for one in refused.value.fields["email"]] == ["is_member"]
    with pytest.raises(Invalid) as refused:
        people.add_member(campaign, manager, "nobody@example.org", Role.ANALYST)
    assert [one.code for one in refused.value.fields["email"]] == ["no_such_account"]


def test_last_manager_stays(campaign: Campaign, manager: User) -> None:
    membership = Membership.objects.get(user=manager)
    with pytest.raises(Conflict) as refused:
        people.remove_member(membership, manager)
    assert refused.value.code == "last_manager"
    personas.make_user("gone@example.org", campaign, Role.MANAGER, is_active=False)
    with pytest.raises(Conflict):
        people.remove_member(membership, manager)
    personas.make_user("second@example.org", campaign, Role.MANAGER)
    people.remove_member(membership, manager)
    assert not Membership.objects.filter(user=manager).exists()


def test_invitation_gives_one_role_in_one_campaign(campaign: Campaign, manager: User) -> None:
    token = people.invitation_for(campaign, manager, Role.MODERATOR)
    anna = personas.make_user("anna@example.org")
    people.accept(people.invitation_of(token), anna)
    people.accept(people.invitation_of(token), anna)
    assert [(one.campaign, one.role) for one in anna.memberships.all()] == [(campaign, Role.MODERATOR)]
    newest = CampaignChange.objects.filter(campaign=campaign)[0]
    assert newest.after["invited_by"] == str(manager)


def test_who_lost_a_role_does_not_get_it_back_by_an_old_link(campaign: Campaign, manager: User) -> None:
    token = people.invitation_for(campaign, manager, Role.MANAGER)
    anna, bert = personas.make_user("anna@example.org"), personas.make_user("bert@example.org")
    people.accept(people.invitation_of(token), anna)
    people.remove_member(anna.memberships.get(), manager)
    with pytest.raises(NotAllowed) as refused:
        people.accept(people.invitation_of(token), anna)
    assert refused.value.code == "invitation_invalid"
    assert not anna.memberships.exists()
    people.accept(people.invitation_of(token), bert)
    people.accept(people.invitation_of(people.invitation_for(campaign, manager, Role.ANALYST)), anna)
    assert anna.memberships.get().role == Role.ANALYST


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "x" * 500, "WzEsIm1hbmFnZXIiLDFd:1:2"])
def test_forged_invitations_are_refused(campaign: Campaign, token: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        people.invitation_of(token)
    assert refused.value.code == "invitation_invalid"


def test_invitations_end(campaign: Campaign, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = people.invitation_for(campaign, manager, Role.MODERATOR)
    later = timezone.now().timestamp() + 8 * 86400
    with monkeypatch.context() as patched:
        patched.setattr("django.core.signing.time.time", lambda: later)
        with pytest.raises(NotAllowed) as refused:
            people.invitation_of(token)
    assert refused.value.code == "invitation_expired"
    Membership.objects.filter(user=manager).delete()
    with pytest.raises(NotAllowed) as refused:
        people.invitation_of(token)
    assert refused.value.code == "invitation_invalid"
