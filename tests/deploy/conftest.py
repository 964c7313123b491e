"""nginx as it is shipped, in front of a stand-in for the service."""

from collections.abc import Iterator

import pytest

from benchmarks.running.proxy import Proxy, running_proxy
from tests.deploy.stand_in import StandIn, standing_in


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    with standing_in() as made:
        yield made


@pytest.fixture(scope="session")
def proxy(stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with running_proxy(tmp_path_factory.mktemp("proxy"), stand_in.port) as made:
        yield made
