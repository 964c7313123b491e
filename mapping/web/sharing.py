"""What messengers and other sites show of a shared link: Open Graph (https://ogp.me/), all from this site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from mapping.models import Campaign, Contribution, Photo, Picture

SHARE_PICTURE: Final = (1200, 630)
"""Width and height in pixels of pictures drawn for shared links: the shape that messengers show whole."""
_LETTERS: Final = 200


@dataclass(frozen=True)
class SharedPicture:
    """A picture of this site by its whole address; pixels."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Share:
    """A public page as a shared link shows it."""

    title: str
    description: str
    url: str
    picture: SharedPicture | None


def share_of(
    request: HttpRequest, campaign: Campaign, contribution: Contribution, photos: Sequence[Photo]
) -> Share:
    """A public contribution: its own words and first photo, else the picture of its campaign."""
    words = " ".join(contribution.text.split())
    return Share(
        title=contribution.title or f"{contribution.category.title} – {campaign.title}",
        description=words if len(words) <= _LETTERS else f"{words[: _LETTERS - 2].rstrip()} …",
        url=request.build_absolute_uri(reverse("contribution", args=(campaign.slug, contribution.pk))),
        picture=_picture(request, campaign.picture, photos),
    )


def share_of_campaign(request: HttpRequest, campaign: Campaign) -> Share:
    """A campaign in the language in which it is read: its summary and title picture, else a drawn map."""
    address = request.build_absolute_uri(campaign.get_absolute_url())
    picture = _picture(request, campaign.picture, ())
    if picture is None and campaign.area is not None:
        drawn = request.build_absolute_uri(reverse("share-picture", args=(campaign.slug,)))
        alt = gettext("Map: %(title)s") % {"title": campaign.title}
        picture = SharedPicture(drawn, *SHARE_PICTURE, alt)
    return Share(campaign.title, campaign.summary, address, picture)


def _picture(
    request: HttpRequest, title_picture: Picture | None, photos: Sequence[Photo]
) -> SharedPicture | None:
    if photos:
        address = request.build_absolute_uri(reverse("photo", args=(photos[0].pk,)))
        return SharedPicture(address, photos[0].width, photos[0].height, "")
    if title_picture is None:
        return None
    address = request.build_absolute_uri(reverse("picture", args=(title_picture.pk,)))
    return SharedPicture(address, title_picture.width, title_picture.height, title_picture.alt)
