"""Settings of the property tests: each example talks to a database, on a machine that may be busy."""

from hypothesis import HealthCheck, settings

# Every example rolls back what it wrote, so that sharing the campaign of the test is no harm.
settings.register_profile(
    "database",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("database")
