"""Addresses with line breaks below the machines' roots: answered for machines, as all that is not there."""

import pytest
from django.test import Client

ROOTS = ("/api/v1/", "/ogc/", "/oparl/v1.1/", "/dipas-pds/", "/open311/")


@pytest.mark.django_db
@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("rest", ["nowhere", "a%0Ab", "a%0A", "%0D%0A", "a%E2%80%A8b"])
def test_no_page_for_people_answers_a_machine(root: str, rest: str) -> None:
    answer = Client().get(root + rest)
    assert answer.status_code == 404
    assert "html" not in answer.headers["Content-Type"]
