"""Questions that are answered by a place on the map."""

from __future__ import annotations

import json
import re
from typing import ClassVar, Final

import shapely
from django import forms

from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import parse_geometry
from mapping.questions.kind import Answer, AnswerRefused, Asked, ColumnType, Kind, Open311Type, Options
from mapping.questions.names import QuestionKind
from mapping.questions.widgets import PlaceInput

_DEGREES: Final = r"(-?[0-9]{1,3}(?:\.[0-9]{1,15})?)"
_PAIR: Final = re.compile(rf"\s{{0,9}}{_DEGREES}(?:\s{{0,9}}[,;]\s{{0,9}}|\s{{1,9}}){_DEGREES}\s{{0,9}}")


class Place(Kind):
    """A point as a GeoJSON geometry, longitude and latitude (EPSG:4326)."""

    name: ClassVar = QuestionKind.PLACE
    column: ClassVar[ColumnType] = "objects"
    open311: ClassVar[Open311Type] = "string"
    for_contributions: ClassVar[bool] = False

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        try:
            point = parse_geometry(value, allowed=["Point"])
        except GeometryProblem as problem:
            raise AnswerRefused(problem.code, **problem.params) from None
        return {"type": "Point", "coordinates": [shapely.get_x(point).item(), shapely.get_y(point).item()]}

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        return forms.CharField(required=False, widget=PlaceInput())

    def posted(self, value: object) -> object:
        """See `Kind`; "7.7689, 49.4447" as typed, or GeoJSON as the map's script writes it."""
        return self.cell({}, value)

    def initial(self, answer: object) -> object:
        """See `Kind`."""
        return self.words_of(answer)

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        return self.words_of(answer)

    def words_of(self, answer: object) -> str:
        """Longitude and latitude, "7.7689, 49.4447"."""
        if not isinstance(answer, dict) or not isinstance(answer.get("coordinates"), list):
            return str(answer)
        return ", ".join(str(one) for one in answer["coordinates"])

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`."""
        if not isinstance(value, str):
            return value
        found = _PAIR.fullmatch(value)
        if found:
            return {"type": "Point", "coordinates": [float(found[1]), float(found[2])]}
        try:
            return json.loads(value)
        except ValueError:
            return value
