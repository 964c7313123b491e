"""Form widgets of the kinds that Django has none for. They work without scripts, which may improve them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext

Choices = Sequence[tuple[str, Any]]
MOST_RANKS: Final = 12
"""Lists to unfold of a long ranking: each holds all choices."""


class RankingSelects(forms.Widget):
    """One list to unfold for each rank, all with the field's name: the values in their order are the ranking."""

    template_name = "mapping/widgets/ranking.html"
    use_fieldset = True

    def __init__(self, choices: Choices, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = list(choices)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """The chosen values, the best first, without ranks that were left empty."""
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [value for value in values if value]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """See Django; `ranks` has the number, the label, the id and the chosen value of each list."""
        context = super().get_context(name, value, attrs)
        chosen = list(value) if isinstance(value, list | tuple) else []
        shown = min(len(self.choices), max(MOST_RANKS, len(chosen)))
        chosen += [""] * (shown - len(chosen))
        base = context["widget"]["attrs"].get("id") or name
        context["choices"] = self.choices
        context["ranks"] = [
            {
                "number": rank,
                "label": gettext("Rank %(rank)s") % {"rank": rank},
                "id": f"{base}_{rank}",
                "value": one,
            }
            for rank, one in enumerate(chosen[:shown], 1)
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        """No label: the field is a group."""
        return ""


class MatrixRadios(forms.Widget):
    """A group of radio buttons for each statement, named `<field>.<row>`."""

    template_name = "mapping/widgets/matrix.html"
    use_fieldset = True

    def __init__(self, rows: Choices, choices: Choices, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.rows = list(rows)
        self.choices = list(choices)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """The chosen value of each judged statement."""
        given = {row: data.get(f"{name}.{row}", "") for row, _title in self.rows}
        return {row: value for row, value in given.items() if value}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """See Django."""
        return not self.value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """See Django; `rows` has the name, the title, the id and the chosen value of each statement."""
        context = super().get_context(name, value, attrs)
        chosen = value if isinstance(value, Mapping) else {}
        base = context["widget"]["attrs"].get("id") or name
        context["choices"] = self.choices
        context["rows"] = [
            {"name": f"{name}.{row}", "title": title, "id": f"{base}_{number}", "value": chosen.get(row, "")}
            for number, (row, title) in enumerate(self.rows, 1)
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        """No label: the field is a group."""
        return ""


class PlaceInput(forms.TextInput):
    """Longitude and latitude to type; a script puts a map beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "text", "autocomplete": "off", "maxlength": 60, "data-place": ""} | (attrs or {})
        )
