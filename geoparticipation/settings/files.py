"""Files: static ones, uploads, media, base map tiles."""

from geoparticipation.basemaps import BASEMAP_DE_COLOUR, BASEMAP_DE_GREY, Basemap
from geoparticipation.serving.media import media_storages
from geoparticipation.settings.environment import BASE_DIR, env, template_of
from geoparticipation.settings.site import DEBUG, VAR_DIR

# --- files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# The apps' scripts and style sheets, bundled at set-up with the npm packages that they import (bin/lib/build.mjs).
BUILT_DIR = VAR_DIR / "built"
# Reports read Leaflet from its package; nothing of it is committed.
STATICFILES_DIRS = [
    ("built", BUILT_DIR),
    ("vendor/leaflet", BASE_DIR / "node_modules" / "leaflet" / "dist"),
]
# Photos, pictures, documents: below VAR_DIR, in a folder that machines share, or in a bucket.
_media, MEDIA_ROOT, EXCHANGE_DIR = media_storages(env.str("MEDIA_STORAGE_URL", ""), VAR_DIR / "media")
STORAGES = {
    **_media,
    "staticfiles": {"BACKEND": "geoparticipation.serving.built.BuiltFilesStorage"},
}
# Served directly from their folders, without collectstatic. Names of built files hold a hash: they are kept for good.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/.+-[0-9A-Z]{8}\.\w+$"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "geoparticipation.serving.uploads.CarefulUploadHandler",
]
# Free space below which /readyz reports a full disk.
LEAST_FREE_MEGABYTES: int = env.int("LEAST_FREE_MEGABYTES", 200)
# Limit of one file that planners upload; form fields are limited by DATA_UPLOAD_MAX_MEMORY_SIZE.
IMPORT_MEGABYTES: int = env.int("IMPORT_MEGABYTES", 200)
# Limits of one PDF of a document.
DOCUMENT_MEGABYTES: int = env.int("DOCUMENT_MEGABYTES", 50)
DOCUMENT_PAGES: int = env.int("DOCUMENT_PAGES", 2000)

# --- base maps -------------------------------------------------------------------------------------------------
# Fetched by the tile route of this site only (no visitor's address leaves it); `off` means plain ground.
BASEMAPS: dict[str, Basemap] = {
    "colour": Basemap(
        template=template_of(env.str("BASEMAP_COLOUR_URL", BASEMAP_DE_COLOUR)),
        attribution=env.str("BASEMAP_ATTRIBUTION", "© basemap.de / BKG"),
        maximum_zoom=env.int("BASEMAP_MAXIMUM_ZOOM", 20),
    ),
    "grey": Basemap(
        template=template_of(env.str("BASEMAP_GREY_URL", BASEMAP_DE_GREY)),
        attribution=env.str("BASEMAP_ATTRIBUTION", "© basemap.de / BKG"),
        maximum_zoom=env.int("BASEMAP_MAXIMUM_ZOOM", 20),
    ),
}
BASEMAP_CACHE_DAYS: int = env.int("BASEMAP_CACHE_DAYS", 30)
BASEMAP_CACHE_MEGABYTES: int = env.int("BASEMAP_CACHE_MEGABYTES", 1000)
