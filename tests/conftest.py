"""The personas and campaigns that every test may ask for by name."""

import gc
import inspect
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from accounts.models import Role, User
from audit.recording import forget_recorded
from doors.keys import forget_key
from geoparticipation.postgis.base import DatabaseWrapper
from mapping.exports.fields import fields_at
from mapping.http.kept import kept_answers
from mapping.models import Campaign, Contribution, ContributionStatus
from mapping.services.photos.pictures import outcomes
from mapping.web.overview import kept
from tests import balance, personas
from tests.personas import Citizen

# Fixtures that need a server or a browser; all others that do so request one of these.
SURROUNDINGS = frozenset(
    {
        "db",
        "transactional_db",
        "django_db_setup",
        "live_server",
        "chromium",
        "cluster",
        "gdal",
        "proxy",
        "stand_in",
    }
)
TEMPLATE = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of this project's runs."""
    parser.addoption(
        "--record-times", action="store_true", help="write the seconds of each file to tests/times.json"
    )


def pytest_collection_finish() -> None:
    """Exempt all that was imported from the collection of garbage: it lives as long as the process does.

    Otherwise each full collection walks through every module and every collected test again.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def queue_is_emptied() -> None:
    """Tests that commit leave an empty queue: Django empties the tables of managed models only."""
    for model in apps.get_app_config("procrastinate").get_models():
        model._meta.managed = True


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations as they stand in the checkout, so that no missing or stale file decides a test.

    Times do not tell what is stale: a copied or checked out source may be older than what an older one was compiled to.
    """
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(balance.LongestFirst(), "longest-first")
        return  # xdist: whoever started this process compiled them
    config.option.loadscopereorder = False  # the files come in a better order: see tests/balance.py
    if config.getoption("--record-times"):
        config.pluginmanager.register(balance.Recorder(), "times")
    for source in sorted(Path(site.BASE_DIR, "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        made = compile_messages(source)
        if not compiled.is_file() or compiled.read_bytes() != made:
            beside = compiled.with_suffix(f".{os.getpid()}")
            beside.write_bytes(made)
            beside.replace(compiled)  # servers that tests start may be reading it
            translation_file_changed(sender=None, file_path=compiled)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the unit tests, before pytest chooses by marks."""
    for item in items:
        if is_unit(item):
            item.add_marker("unit")


def is_unit(item: pytest.Item) -> bool:
    """Whether a test needs neither a database nor a browser nor a program of others.

    Judged by its fixtures, so that no list can be forgotten; pytest-django refuses every query of a test that did not
    request a database. A test that takes `request` may choose a fixture by name while it runs.
    """
    if any(item.get_closest_marker(name) for name in ("django_db", "browser", "qgis")):
        return False
    function = getattr(item, "function", None)
    takes_request = function is not None and "request" in inspect.signature(function).parameters
    return not takes_request and SURROUNDINGS.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each of xdist's workers the name of the database that they copy."""
    template = node.config.stash.setdefault(TEMPLATE, balance.template_name())
    node.workerinput["template"] = template


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop the template after the last worker has ended."""
    if template := config.stash.get(TEMPLATE, ""):
        with config.stash[blocking_manager_key].unblock():
            balance.drop_template(template)


def compile_messages(source: Path) -> bytes:
    """A catalogue as the service reads it."""
    try:
        done = subprocess.run(["msgfmt", "-o", "-", source], capture_output=True, check=True)  # noqa: S607 - by PATH
    except FileNotFoundError:
        raise pytest.UsageError("The tests need msgfmt, of the package gettext.") from None
    except subprocess.CalledProcessError as problem:
        raise pytest.UsageError(problem.stderr.decode()) from problem
    return done.stdout


@pytest.fixture(autouse=True)
def clean_surroundings(settings: Settings, tmp_path: Path) -> None:
    """Each test has its own folder for uploads, empty caches and German; passwords are hashed quickly.

    Every new `Client` makes all middleware anew; WhiteNoise then need not list every static file (26 ms).
    """
    translation.activate(settings.LANGUAGE_CODE)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    kept_answers.forget()
    kept.forget()
    fields_at.cache_clear()
    forget_key()
    outcomes.forget()
    forget_recorded()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_keepdb: bool,
    request: pytest.FixtureRequest,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Copy the database of the first worker instead of migrating one for each; let nobody reach the site's own."""
    # A pool that something opened before leads to the site's own database, which tests would empty.
    if DatabaseWrapper.pool_in_use(DEFAULT_DB_ALIAS) is not None:
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's
    template = getattr(request.config, "workerinput", {}).get("template")
    if template and not django_db_keepdb:
        with django_db_blocker.unblock():
            balance.use_template(template)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End what is left before the database is dropped.

    While Playwright's event loop runs, Django takes the main thread for another context and opens another connection.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_row_by_row() -> Iterator[None]:
    """After a test that commits: DELETE, in which empty tables cost nothing; TRUNCATE makes each file of each anew.

    No trigger and no foreign key looks at it, since nothing is left. Content types and permissions stay as the
    migrations made them, so that nobody has to make them again.
    """
    kept = {"django_content_type", "auth_permission"}

    def statements(
        _operations: object, _style: object, tables: Iterable[str], **_options: object
    ) -> list[str]:
        quoted = [connection.ops.quote_name(name) for name in sorted(set(tables) - kept)]
        emptied = [f"DELETE FROM {name}" for name in quoted]
        return ["SET LOCAL session_replication_role = replica", *emptied]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", statements)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_arguments: None)
        yield


@pytest.fixture
def citizen() -> Citizen:
    """A person from the city, who places and edits."""
    return Citizen("citizen", "0" * 21 + "citizen")


@pytest.fixture
def another_citizen() -> Citizen:
    """A second person, who must not reach what belongs to the first."""
    return Citizen("another citizen", "0" * 21 + "another")


@pytest.fixture
def campaign(db: None) -> Campaign:
    """THE campaign of a test: open, publishes points after review."""
    return personas.make_campaign()


@pytest.fixture
def cells_campaign(db: None) -> Campaign:
    """An open campaign on a delicate topic: the public sees no single contribution and no count."""
    return personas.make_campaign("night-routes", publication="cells")


@pytest.fixture
def post_campaign(db: None) -> Campaign:
    """An open campaign whose contributions are public at once."""
    return personas.make_open_at_once()


@pytest.fixture
def upcoming_campaign(db: None) -> Campaign:
    """A campaign that begins in ten days."""
    return personas.make_upcoming()


@pytest.fixture
def closed_campaign(db: None) -> Campaign:
    """A campaign that ended ten days ago."""
    return personas.make_closed()


@pytest.fixture
def draft_campaign(db: None) -> Campaign:
    """A campaign that its makers have not shown to anyone yet."""
    return personas.make_campaign("secret-plan", is_draft=True)


@pytest.fixture
def manager(campaign: Campaign) -> User:
    """Runs THE campaign."""
    return personas.make_user("manager@example.org", campaign, Role.MANAGER)


@pytest.fixture
def moderator(campaign: Campaign) -> User:
    """Reviews contributions of THE campaign."""
    return personas.make_user("moderator@example.org", campaign, Role.MODERATOR)


@pytest.fixture
def analyst(campaign: Campaign) -> User:
    """Reads THE campaign's exact data."""
    return personas.make_user("analyst@example.org", campaign, Role.ANALYST)


@pytest.fixture
def outsider(db: None) -> User:
    """Has an account and runs another campaign, but has no role in THE campaign."""
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    return personas.make_user("outsider@example.org", elsewhere, Role.MANAGER)


@pytest.fixture
def administrator(db: None) -> User:
    """May do everything everywhere."""
    return personas.make_user("administrator@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def published(campaign: Campaign, citizen: Citizen) -> Contribution:
    """A published contribution of the citizen in THE campaign."""
    return personas.make_contribution(campaign, by=citizen)


@pytest.fixture
def pending(campaign: Campaign, citizen: Citizen) -> Contribution:
    """A contribution of the citizen in THE campaign that waits for a review."""
    return personas.make_contribution(
        campaign, personas.STATION, by=citizen, status=ContributionStatus.PENDING
    )
