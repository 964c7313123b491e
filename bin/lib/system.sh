# shellcheck shell=bash
# System packages: looked for by what they bring, not by name, so that any way of installing them counts.

# Packages that are missing, by Debian's names (macOS: Homebrew's).
MISSING_PACKAGES=()

want_package() { # DEBIAN HOMEBREW
    if is_macos; then MISSING_PACKAGES+=("$2"); else MISSING_PACKAGES+=("$1"); fi
}

as_root() {
    if is_root; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@" # without a terminal nobody could type a password: refuse instead of hanging
    fi
}

# An interpreter of 3.11 or newer that can make virtual environments (Debian splits ensurepip off).
is_usable_python() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if have "$name" && is_usable_python "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

# The shell first: the same engine without a window of its own, whose toolbars cost more than most pages.
find_chromium() {
    local name
    if [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; then
        printf '%s\n' "$CHROMIUM"
        return 0
    fi
    for name in chromium-headless-shell chromium chromium-browser google-chrome \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if have "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

# A Python with GDAL's own programs, among them the validator of GeoPackages; wheels have none of them.
find_gdal_python() {
    local python
    for python in "${GDAL_PYTHON:-}" /usr/bin/python3 /opt/homebrew/bin/python3 /usr/local/bin/python3; do
        if [ -x "$python" ] && "$python" -c "import osgeo_utils.samples.validate_gpkg" 2>/dev/null; then
            printf '%s\n' "$python"
            return 0
        fi
    done
    return 1
}

# A program of a server, which Debian keeps out of the path of ordinary users.
find_program() { # NAME
    local directory
    for directory in /usr/sbin /usr/local/sbin; do
        if [ -x "$directory/$1" ]; then
            printf '%s\n' "$directory/$1"
            return 0
        fi
    done
    command -v "$1"
}

# The libraries with which written documents become PDF.
has_pango() {
    local library
    for library in /usr/lib/*/libpangoft2-1.0.so.0 /usr/lib/libpangoft2-1.0.so.0 /usr/lib64/libpangoft2-1.0.so.0 \
        /opt/homebrew/lib/libpangoft2-1.0.dylib /usr/local/lib/libpangoft2-1.0.dylib; do
        if [ -e "$library" ]; then return 0; fi
    done
    return 1
}

# The commands in bin/ call this with what they need beside Python: database, tests, ogr2ogr.
ensure_system_packages() { # NEED...
    if has_system_packages "$@"; then return 0; fi
    if is_macos; then install_with_homebrew; else install_with_apt; fi
}

# Fills MISSING_PACKAGES.
has_system_packages() { # NEED...
    local need
    MISSING_PACKAGES=()
    have msgfmt || want_package gettext gettext
    [ -x "$PYTHON" ] || find_python >/dev/null || want_package python3-venv python@3.13
    for need in "$@"; do
        case "$need" in
        database)
            # Debian's package has PostgreSQL's version in its name: install_with_apt finds it out.
            uses_local_cluster && ! find_postgres && want_package "postgresql-*-postgis-3" postgis
            ;;
        pdf)
            has_pango || { want_package libpangoft2-1.0-0 pango && want_package libharfbuzz-subset0 harfbuzz; }
            ;;
        ogr2ogr)
            have ogr2ogr || want_package gdal-bin gdal
            ;;
        tests)
            find_chromium >/dev/null || { want_package chromium-headless-shell chromium && want_package fonts-dejavu-core font-dejavu; }
            find_gdal_python >/dev/null || want_package python3-gdal gdal
            have ogrinfo || want_package gdal-bin gdal
            have curl || want_package curl curl
            find_program nginx >/dev/null || want_package nginx nginx
            find_program pgbouncer >/dev/null || want_package pgbouncer pgbouncer
            have pgbackrest || want_package pgbackrest pgbackrest
            have age || want_package age age
            have gpg || want_package gnupg gnupg
            is_macos || have systemd-analyze || want_package systemd systemd
            ;;
        esac
    done
    [ "${#MISSING_PACKAGES[@]}" -eq 0 ]
}

install_with_apt() {
    have apt-get || fail "please install what Debian calls: ${MISSING_PACKAGES[*]} (there is no apt here)"
    is_root || have sudo ||
        fail "please run this once as root: apt-get install ${MISSING_PACKAGES[*]} (there is no sudo here)"
    require_free_space / 1500
    as_root true || fail "system packages are missing and sudo refused: please run this once as root or in a terminal"
    step "Updating apt's lists of packages"
    # Old ones may still do, so a failing update alone is no reason to stop.
    as_root apt-get update >/dev/null 2>&1 || true
    name_the_postgis_package
    step "Installing system packages: ${MISSING_PACKAGES[*]}"
    # A shell of its own for the trap: an interrupted set-up must not leave the machine without Debian's default.
    (
        trap "allow_debian_cluster; allow_services" EXIT
        forbid_debian_cluster
        forbid_services
        run_logged apt "installing system packages" \
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${MISSING_PACKAGES[@]}"
    )
}

# postgresql-15-postgis-3 on Debian 12: the version that is installed, or else the newest that apt knows.
name_the_postgis_package() {
    local number package="" index
    for number in $(postgres_versions); do
        package="postgresql-$number-postgis-3"
        break
    done
    [ -n "$package" ] ||
        package=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | awk '{ print $1 }' | sort -V | tail -n 1)
    for index in "${!MISSING_PACKAGES[@]}"; do
        if [ "${MISSING_PACKAGES[index]}" = "postgresql-*-postgis-3" ]; then
            [ -n "$package" ] || fail "apt knows no PostGIS package: no network, or 'apt-get update' is needed"
            MISSING_PACKAGES[index]="$package"
        fi
    done
}

# Debian's package makes and starts a cluster of its own on port 5432. Nobody asked for that one.
DEBIAN_CLUSTER_CONFIGURATION=/etc/postgresql-common/createcluster.d/geoparticipation.conf

forbid_debian_cluster() {
    as_root mkdir -p "$(dirname "$DEBIAN_CLUSTER_CONFIGURATION")"
    printf 'create_main_cluster = false\n' | as_root tee "$DEBIAN_CLUSTER_CONFIGURATION" >/dev/null
}

allow_debian_cluster() { as_root rm -f "$DEBIAN_CLUSTER_CONFIGURATION"; }

# Debian starts what it installs, nginx on port 80 of all addresses. Tests start servers of their own.
SERVICE_POLICY=/usr/sbin/policy-rc.d
SERVICE_POLICY_MARK="# geoparticipation: installed, not started"

forbid_services() {
    [ ! -e "$SERVICE_POLICY" ] || return 0 # the machine's own
    printf '#!/bin/sh\n%s\nexit 101\n' "$SERVICE_POLICY_MARK" | as_root tee "$SERVICE_POLICY" >/dev/null
    as_root chmod +x "$SERVICE_POLICY"
}

allow_services() {
    local package
    if grep -qsF "$SERVICE_POLICY_MARK" "$SERVICE_POLICY"; then as_root rm -f "$SERVICE_POLICY"; fi
    have systemctl || return 0
    for package in "${MISSING_PACKAGES[@]}"; do
        case "$package" in
        nginx | pgbouncer) as_root systemctl disable "$package" >/dev/null 2>&1 || true ;;
        esac
    done
}

install_with_homebrew() {
    have brew || fail "please install Homebrew, or yourself: ${MISSING_PACKAGES[*]}"
    step "Installing with Homebrew: ${MISSING_PACKAGES[*]}"
    run_logged brew "installing with Homebrew" brew install "${MISSING_PACKAGES[@]}"
}
