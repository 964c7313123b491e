"""Finds the GDAL, GEOS and PROJ libraries that the pyogrio and shapely wheels carry.

GeoDjango loads GDAL and GEOS through ctypes and needs a path to each. The wheels' copies are newer than
Debian 12's GDAL 3.6, which cannot block file and network references (Django warns `gis.W001`), and the same
on every machine, macOS included. An explicit `GDAL_LIBRARY_PATH` or `GEOS_LIBRARY_PATH` in the environment wins.
"""

import ctypes
import importlib.util
import os
from pathlib import Path


class GeoLibraryMissing(RuntimeError):
    """A wheel that should carry a native library is not installed or has another layout."""


def _package_directory(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        message = f"The Python package {package} is not installed; run bin/manage, which sets everything up."
        raise GeoLibraryMissing(message)
    return Path(spec.origin).parent


def _bundled(package: str, stem: str) -> Path:
    """The library `stem` inside the wheel of `package`.

    auditwheel puts libraries into `<package>.libs` beside the package, delocate (macOS) into `<package>/.dylibs`.
    """
    directory = _package_directory(package)
    for folder in (directory.parent / f"{package}.libs", directory / ".dylibs"):
        for pattern in (f"{stem}-*.so*", f"{stem}.so*", f"{stem}*.dylib"):
            found = sorted(folder.glob(pattern))
            if found:
                return found[0]
    message = f"The wheel of {package} carries no {stem}; install it from a wheel, or set the library's path."
    raise GeoLibraryMissing(message)


def find_gdal() -> str:
    """Path of libgdal; also sets PROJ_DATA and GDAL_DATA to the data files of the same wheel."""
    directory = _package_directory("pyogrio")
    os.environ.setdefault("GDAL_DATA", str(directory / "gdal_data"))
    os.environ.setdefault("PROJ_DATA", str(directory / "proj_data"))
    return os.environ.get("GDAL_LIBRARY_PATH") or str(_bundled("pyogrio", "libgdal"))


def find_geos() -> str:
    """Path of libgeos_c.

    libgeos_c needs libgeos of the same wheel, whose file name is mangled; loading it first with global symbols
    makes the dynamic linker find it whatever the run path says.
    """
    explicit = os.environ.get("GEOS_LIBRARY_PATH")
    if explicit:
        return explicit
    ctypes.CDLL(str(_bundled("shapely", "libgeos")), mode=ctypes.RTLD_GLOBAL)
    return str(_bundled("shapely", "libgeos_c"))
