"""Permission predicates: every permission is one predicate of role, period and object, declared here once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from mapping.models import (
    AccessLink,
    Action,
    Campaign,
    Category,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    DistrictLayer,
    LinkHolder,
    ModerationEvent,
    Participant,
)

type_of_user = User | AnonymousUser
_roles_read: Final[ContextVar[dict[tuple[int, int], frozenset[str]] | None]] = ContextVar(
    "roles_read", default=None
)


def has_role(user: type_of_user, campaign: Campaign, *roles: Role) -> bool:
    """Whether a user has one of the roles in a campaign; superusers have every role, managers too.

    The holder of a private link is an analyst of its campaign, as long as its creator could be one.
    """
    if isinstance(user, LinkHolder):
        return _opens(user.link, campaign, roles)
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    wanted = (Role.MANAGER, *roles)
    known = _roles_read.get()
    if known is None:
        return user.memberships.filter(campaign=campaign, role__in=wanted).exists()
    key = user.pk, campaign.pk
    if key not in known:
        known[key] = frozenset(user.memberships.filter(campaign=campaign).values_list("role", flat=True))
    return not known[key].isdisjoint(wanted)


@contextmanager
def roles_read_once() -> Iterator[None]:
    """Within the block, each user's roles in a campaign are read once: for many rules at one moment, such as tabs."""
    token = _roles_read.set({})
    try:
        yield
    finally:
        _roles_read.reset(token)


def _opens(link: AccessLink, campaign: Campaign, roles: tuple[Role, ...]) -> bool:
    is_for_it = link.campaign_id == campaign.pk and Role.ANALYST in roles
    return is_for_it and link.is_open and has_role(link.user, campaign, Role.ANALYST)


def may_see_campaign(user: type_of_user, campaign: Campaign) -> bool:
    """Everyone sees a campaign unless it is a draft; drafts are for members."""
    return not campaign.is_draft or has_role(user, campaign, *Role)


def may_see_public_contributions(campaign: Campaign) -> bool:
    """Whether single contributions (texts, places, photos, counts by place) are public at all."""
    return campaign.publishes_points and not campaign.is_draft


def is_public(contribution: Contribution) -> bool:
    """Whether everyone may see a contribution; the same gate as `Contribution.objects.published()`."""
    return contribution.status == ContributionStatus.PUBLISHED and may_see_public_contributions(
        contribution.campaign
    )


def may_see_contribution(
    user: type_of_user, participant: Participant | None, contribution: Contribution
) -> bool:
    """Everyone sees public contributions, authors their own, moderators and analysts those that their work requires."""
    if is_public(contribution):
        return True
    is_own = participant is not None and contribution.participant_id == participant.pk
    return is_own or has_role(user, contribution.campaign, Role.MODERATOR, Role.ANALYST)


def may_take_part(campaign: Campaign, *, is_signed_in: bool) -> bool:
    """Everyone takes part, or those alone who signed in at the citizens' provider for this campaign."""
    return is_signed_in or not campaign.needs_sign_in


def may_contribute(campaign: Campaign, at: datetime) -> bool:
    """Citizens place only while the campaign is open and its phase allows it; no role is needed."""
    return campaign.allows(Action.CONTRIBUTE, at)


def may_answer(campaign: Campaign, at: datetime) -> bool:
    """Citizens answer a survey while the campaign is open and its phase allows it; no role is needed."""
    return campaign.allows(Action.ANSWER, at)


def may_read_responses(user: type_of_user, campaign: Campaign) -> bool:
    """Single responses and exact counts of a survey are for analysts and managers, not for holders of links."""
    return isinstance(user, User) and may_analyse(user, campaign)


def may_read_staff_answers(user: type_of_user, campaign: Campaign) -> bool:
    """Answers for staff only are for analysts and managers themselves, as single responses are."""
    return may_read_responses(user, campaign)


def may_tag_texts(user: type_of_user, campaign: Campaign) -> bool:
    """Those who may read the texts of a survey sort them; tags change nothing that anybody else sees."""
    return may_read_responses(user, campaign)


def may_enter_paper(user: type_of_user, campaign: Campaign) -> bool:
    """Moderators and managers enter what came on paper."""
    return has_role(user, campaign, Role.MODERATOR)


def may_send_photos(campaign: Campaign, at: datetime) -> bool:
    """Whether a form with photos is read at all: until an hour after the end, so that the response keeps the input."""
    return campaign.allows_photos and any(
        may_contribute(campaign, moment) for moment in (at, at - timedelta(hours=1))
    )


def may_contribute_to(category: Category) -> bool:
    """Whether citizens may add to a category (not to places that the city drew for discussion)."""
    return category.takes_contributions


def may_change_own(contribution: Contribution, at: datetime) -> bool:
    """Authors change their contribution while the campaign is open; a rejected one may be corrected too.

    They may always withdraw it, also after the end of the campaign: there is no rule for that.
    """
    return may_contribute(contribution.campaign, at)


def may_comment(contribution: Contribution, at: datetime) -> bool:
    """Comments on public contributions are allowed while the campaign is open and accepts comments."""
    return (
        contribution.campaign.allows_comments
        and is_public(contribution)
        and contribution.campaign.allows(Action.COMMENT, at)
    )


def may_see_own_comment(comment: Comment) -> bool:
    """Whether authors find their comment on the page of its contribution: while that is public, unless rejected."""
    return comment.status != CommentStatus.REJECTED and is_public(comment.contribution)


def may_support(contribution: Contribution, at: datetime, value: int = 1) -> bool:
    """Support (+1), and opposition (-1) if the campaign allows it, on public contributions while it is open."""
    campaign = contribution.campaign
    wanted = campaign.allows_support if value > 0 else campaign.allows_opposition
    return wanted and is_public(contribution) and campaign.allows(Action.SUPPORT, at)


def may_moderate(user: type_of_user, campaign: Campaign) -> bool:
    """Moderators and managers work on the queue."""
    return has_role(user, campaign, Role.MODERATOR)


def may_undo(user: type_of_user, event: ModerationEvent) -> bool:
    """Moderators undo their own decisions; a colleague's decision is overruled by a new one."""
    contribution = event.comment.contribution if event.comment is not None else event.contribution
    is_own = event.actor_id is not None and event.actor_id == user.pk
    return is_own and contribution is not None and may_moderate(user, contribution.campaign)


def may_analyse(user: type_of_user, campaign: Campaign) -> bool:
    """Analysts and managers see exact, unpublished data; each access to a cells campaign is logged."""
    return has_role(user, campaign, Role.ANALYST)


def may_plan(user: type_of_user, campaign: Campaign) -> bool:
    """Any member sees the campaign among those they work on."""
    return has_role(user, campaign, *Role)


def may_manage(user: type_of_user, campaign: Campaign) -> bool:
    """Managers change their campaign and its memberships."""
    return has_role(user, campaign)


def may_make_campaigns(user: type_of_user) -> bool:
    """Superusers, and those to whom a superuser gave this; who made a campaign is its manager."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.may_make_campaigns


def may_edit_city(user: type_of_user) -> bool:
    """Superusers, and those to whom a superuser gave this: name, logo, colour, imprint, contact and boundary."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.may_edit_city


def may_see_operation(user: type_of_user) -> bool:
    """Superusers: jobs, backup, disk, mail, log-ins and versions of the whole site."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def manages_a_campaign(user: type_of_user) -> bool:
    """Whether a user manages any campaign; permission for rows is checked one by one."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.memberships.filter(role=Role.MANAGER).exists()


def moderates_a_campaign(user: type_of_user) -> bool:
    """Whether a user moderates or manages any campaign."""
    if not isinstance(user, User) or not user.is_active:
        return False
    roles = (Role.MANAGER, Role.MODERATOR)
    return user.is_superuser or user.memberships.filter(role__in=roles).exists()


def may_use_administration(user: type_of_user) -> bool:
    """Staff, and managers for their campaign. Access to rows is decided model by model."""
    return isinstance(user, User) and user.is_active and (user.is_staff or manages_a_campaign(user))


def may_erase(user: type_of_user, campaign: Campaign) -> bool:
    """Managers erase people's data, on written request or by legal obligation."""
    return has_role(user, campaign)


def may_reply(user: type_of_user, campaign: Campaign) -> bool:
    """The city's replies are written by managers and moderators."""
    return has_role(user, campaign, Role.MODERATOR)


def may_make_access_links(user: type_of_user, campaign: Campaign) -> bool:
    """Analysts may authorise a GIS program in their own name; holders of links cannot make further links."""
    return isinstance(user, User) and may_analyse(user, campaign)


def may_revoke_access_link(user: type_of_user, link: AccessLink) -> bool:
    """Analysts revoke the links that they made, managers every link of their campaign."""
    if not isinstance(user, User) or not may_analyse(user, link.campaign):
        return False
    return link.user_id == user.pk or has_role(user, link.campaign)


def may_write_features(user: type_of_user, campaign: Campaign) -> bool:
    """Managers create, change and delete city-drawn contributions, also from QGIS and scripts."""
    return has_role(user, campaign)


def may_write_districts(user: type_of_user, layer: DistrictLayer) -> bool:
    """Districts are shared by the campaigns that use them: a change needs the managers' role in all of these."""
    campaigns = list(layer.campaigns.all())
    return bool(campaigns) and all(has_role(user, campaign) for campaign in campaigns)


def may_order_releases(user: type_of_user, campaign: Campaign) -> bool:
    """Managers choose when the public numbers of protected areas are made."""
    return has_role(user, campaign)


def may_import(user: type_of_user, campaign: Campaign) -> bool:
    """Managers import files into their campaign."""
    return has_role(user, campaign)


def may_replace_shared(user: type_of_user) -> bool:
    """Shared data (addresses, population grids, unassigned districts) are replaced by administrators only."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def may_read_audit_log(user: type_of_user) -> bool:
    """Superusers only: the log shows when colleagues worked, which managers have no need to know."""
    return isinstance(user, User) and user.is_active and user.is_superuser
