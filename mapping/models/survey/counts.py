"""How responses to surveys are counted, and what of the counts is public."""

from typing import ClassVar, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign

ANSWERED: Final = ""
"""The value of a tally that counts who answered the question at all."""

WHOLE_SURVEY: Final = ""
"""The question of a tally that counts responses."""


class SurveyTallyQuerySet(models.QuerySet["SurveyTally"]):
    """Counts of responses."""

    def of(self, campaign_id: int) -> dict[str, dict[str, int]]:
        """The number of complete responses by question and value; see `SurveyTally`."""
        counts: dict[str, dict[str, int]] = {}
        rows = self.filter(campaign_id=campaign_id).values_list("question", "value")
        for question, value, number in rows.annotate(number=models.Sum("responses")):
            if number:
                counts.setdefault(question, {})[value] = number
        return counts


SurveyTallyManager = models.Manager.from_queryset(SurveyTallyQuerySet)


class SurveyTally(models.Model):
    """How many complete responses hold a value, kept by triggers (migration `0027_survey_counts`).

    Values are those of `Kind.counted`; `ANSWERED` counts who answered the question, the question `WHOLE_SURVEY` all
    responses. Each count is spread over shards, so that two people seldom wait for each other.
    """

    campaign_id = models.IntegerField()
    question = models.CharField(max_length=80)
    value = models.TextField()
    shard = models.SmallIntegerField()
    responses = models.IntegerField()

    objects: ClassVar = SurveyTallyManager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("campaign_id", "question", "value", "shard"),
                name="surveytally_value_once",
                violation_error_message=_("This campaign counts this value already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.question} · {self.value}"


class SurveyRelease(models.Model):
    """What the public sees of a survey's counts: made of whole groups of people, kept until enough others came.

    `published` holds per question what is shown; `shown` every number that was ever shown of each value, so that no two
    of them differ by fewer than the campaign's smallest group (`aggregation.surveys.release`).
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="survey_release", verbose_name=_("campaign")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    is_final = models.BooleanField(default=False)
    responses = models.PositiveIntegerField(_("responses"), default=0)
    published = models.JSONField(default=dict)
    shown = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign} · {self.made_at:%Y-%m-%d %H:%M}"
