"""The site: its key, its address, the city."""

from pathlib import Path

from geoparticipation.settings.environment import BASE_DIR, env, keys_are_long

SECRET_KEY: str = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.strings("SECRET_KEY_FALLBACKS", validate=keys_are_long)
DEBUG: bool = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.strings("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_URL: str = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS: list[str] = [SITE_URL]
# The city as long as its page among those of the planners is empty; what is filled in there stands.
CITY_NAME: str = env.str("CITY_NAME", "Kaiserslautern")
CITY_CONTACT: str = env.str("CITY_CONTACT", "")
CITY_ACCENT: str = env.str("CITY_ACCENT", "")
# What knows both: for apps below the one that has the page.
CITY_PROFILE = "mapping.models.setup.profile.current_city"
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
HTTPS: bool = SITE_URL.startswith("https://")
