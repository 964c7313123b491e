"""Forms of the setup's pages, as a browser sends them."""

from django.urls import reverse

from mapping.models import Campaign


def address(campaign: Campaign, name: str = "questions", *more: str) -> str:
    """A page of the setup."""
    return reverse(f"planning:setup-{name}", args=(campaign.slug, *more))


def rows(*titles: str, name: str = "choices") -> dict[str, str]:
    """Rows of choices or statements."""
    return {f"{name}.{number}.title": title for number, title in enumerate(titles)}


def typed(
    title: str = "Which colour?", kind: str = "single_choice", do: str = "save", **more: str
) -> dict[str, str]:
    """The fields that each question has."""
    return {"title": title, "kind": kind, "do": do, **more}


def rule(question: str = "colour", test: str = "is", value: str = "green", number: int = 0) -> dict[str, str]:
    """A row of a condition."""
    return {
        f"rules.{number}.question": question,
        f"rules.{number}.test": test,
        f"rules.{number}.value": value,
        "condition": "rules",
    }
