"""Places on pages without JavaScript: `{% load places %}`."""

from typing import Any

from django import template

from mapping import rules
from mapping.forms.contribution import ContributionForm
from mapping.forms.places import geometry_of
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import parse_geometry
from mapping.models import Campaign, Contribution
from mapping.places.words import name_places
from mapping.search.nearby import nearby, stored_as

register = template.Library()


@register.inclusion_tag("mapping/campaign/nearby_list.html")
def nearby_places(form: ContributionForm, campaign: Campaign) -> dict[str, Any]:
    """What was reported near the place of a form that was sent: nothing of protected campaigns, nothing before."""
    found = _nearby(form, campaign)
    name_places(found, campaign)
    return {"found": found, "campaign": campaign}


def _nearby(form: ContributionForm, campaign: Campaign) -> list[Contribution]:
    if not (form.is_bound and form.with_place and rules.may_see_public_contributions(campaign)):
        return []
    try:
        typed = geometry_of(form.data, form.category.geometry_types)
        geometry = None if typed is None else stored_as(parse_geometry(typed))
    except GeometryProblem:
        return []
    return [] if geometry is None else nearby(campaign, geometry, category=form.category)
