"""A campaign that is read in Turkish, Arabic, English and Leichte Sprache."""

from mapping.models import Campaign, Translation
from mapping.services.setup.translating import texts_to_translate

LANGUAGES = ["de-simple", "en", "ar", "tr"]


def offer(campaign: Campaign, *languages: str) -> Campaign:
    """Offer a campaign in further languages."""
    campaign.languages = list(languages or LANGUAGES)
    campaign.save(update_fields=["languages"])
    return campaign


def translate(campaign: Campaign, language: str, *fields: str) -> None:
    """Translate texts of a campaign into `<tag> <original>`: all of them, or those of some fields."""
    Translation.objects.bulk_create(
        Translation(
            campaign=campaign,
            language=language,
            kind=text.kind,
            object_id=text.object_id,
            field=text.field,
            text=f"{language} {text.original}",
            original=text.original,
        )
        for text in texts_to_translate(campaign)
        if not fields or text.field in fields
    )
