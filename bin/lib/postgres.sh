# shellcheck shell=bash
# The project-local PostGIS cluster: data under var/postgres, reachable through one private unix socket only.
#
# PostgreSQL refuses to run as root. Started by root, it runs as Debian's user postgres; started by anybody else,
# as that user. Either way only that user and root can reach the socket, which is why `trust` is enough inside.

CLUSTER_ROLE=geoparticipation
CLUSTER_DATABASE=geoparticipation
CHECKOUT_HASH=$(printf '%s' "$ROOT" | hash_of_input | cut -c1-8)
# Not under var/: the path of a unix socket may have 107 bytes (macOS: 103), and checkouts lie deep.
SOCKET_DIR="/tmp/gp-$CHECKOUT_HASH"
LOCAL_URL_BASE="postgis://$CLUSTER_ROLE@%2Ftmp%2Fgp-$CHECKOUT_HASH"
export PG_BIN="" # the programs of the PostgreSQL in use, set by find_postgres; tests and benchmarks start others by them
CLUSTER_DIR="" # set by locate_cluster

# Is the database in the local cluster? So it is where the environment leaves the choice to us.
uses_local_cluster() {
    case "${DATABASE_URL:-}" in
    "" | "$LOCAL_URL_BASE"/*) return 0 ;;
    *) return 1 ;;
    esac
}

# Is it the cluster's own database, of which we know that nobody but us changes its tables?
uses_usual_database() {
    [ -z "${DATABASE_URL:-}" ] || [ "$DATABASE_URL" = "$LOCAL_URL_BASE/$CLUSTER_DATABASE" ]
}

# The name of the local cluster's database that DATABASE_URL names; the usual one where it names none.
local_database() {
    local name="${DATABASE_URL:-}"
    name="${name#"$LOCAL_URL_BASE"/}"
    name="${name%%\?*}"
    printf '%s\n' "${name:-$CLUSTER_DATABASE}"
}

# --- finding PostgreSQL with PostGIS --------------------------------------------------------------------------

# Major versions of Debian's packages with a server in them, newest first.
postgres_versions() {
    local program
    for program in /usr/lib/postgresql/*/bin/postgres; do
        [ -x "$program" ] && printf '%s\n' "$program"
    done | awk -F/ '{ print $5 }' | sort -rn
}

postgres_bin_candidates() {
    local version directory
    for version in $(postgres_versions); do printf '%s\n' "/usr/lib/postgresql/$version/bin"; done
    for directory in /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
        [ -x "$directory/postgres" ] && printf '%s\n' "$directory"
    done | sort -rV
    if have postgres; then dirname "$(command -v postgres)"; fi
}

# Both halves: Debian packages the library and its SQL scripts apart.
has_postgis() { # BIN
    local scripts library
    scripts=$("$1/pg_config" --sharedir 2>/dev/null) || scripts="/usr/share/postgresql/$(major_version "$1")"
    library=$("$1/pg_config" --pkglibdir 2>/dev/null) || library="$(dirname "$1")/lib"
    [ -f "$scripts/extension/postgis.control" ] && compgen -G "$library/postgis-3.*" >/dev/null
}

major_version() { "$1/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'; } # BIN

# The version that made the existing cluster, and the only one to open it; nothing when there is no cluster.
cluster_version() { as_server cat "$CLUSTER_DIR/data/PG_VERSION" 2>/dev/null || true; }

# Sets PG_BIN.
find_postgres() {
    local candidate wanted
    locate_cluster
    wanted=$(cluster_version)
    while IFS= read -r candidate; do
        if [ -n "$wanted" ] && [ "$(major_version "$candidate")" != "$wanted" ]; then continue; fi
        [ "$(major_version "$candidate")" -ge 15 ] || continue
        if has_postgis "$candidate"; then
            PG_BIN="$candidate"
            return 0
        fi
    done < <(postgres_bin_candidates)
    return 1
}

explain_missing_postgres() {
    local version
    version=$(cluster_version)
    if [ -n "$version" ]; then
        fail "the cluster in $CLUSTER_DIR was made by PostgreSQL $version, which is not installed here with PostGIS: install postgresql-$version-postgis-3, or empty the database with 'bin/db reset'"
    fi
    for version in $(postgres_versions); do
        fail "PostgreSQL $version is installed without PostGIS: install postgresql-$version-postgis-3"
    done
    fail "PostgreSQL 15 or newer with PostGIS is needed (Debian: apt-get install postgresql-15-postgis-3)"
}

# --- where it lives and who runs it ---------------------------------------------------------------------------

server_user() { if is_root; then printf 'postgres\n'; else id -un; fi; }

# From /, because the server's user may not be allowed into the caller's directory. Never with the lock's
# descriptor: the server would hold the lock for ever.
as_server() {
    if is_root; then
        (cd / && exec runuser -u postgres -- "$@" 9>&-)
    else
        (cd / && exec "$@" 9>&-)
    fi
}

# Sets CLUSTER_DIR.
locate_cluster() {
    CLUSTER_DIR="$VAR/postgres"
    # A checkout under /root, say, is closed to the server's user.
    if is_root && id postgres >/dev/null 2>&1 && ! as_server test -x "$VAR" 2>/dev/null; then
        CLUSTER_DIR="/var/lib/geoparticipation/$CHECKOUT_HASH"
    fi
}

# /tmp is everybody's. What lies at our name counts only as a real directory of the server's user, closed to
# others: a socket that somebody else put there must never be talked to.
socket_dir_is_ours() {
    local owner_and_mode
    if [ -L "$SOCKET_DIR" ] || ! [ -d "$SOCKET_DIR" ]; then return 1; fi
    if is_macos; then
        owner_and_mode=$(stat -f '%Su %Lp' "$SOCKET_DIR")
    else
        owner_and_mode=$(stat -c '%U %a' "$SOCKET_DIR")
    fi
    [ "$owner_and_mode" = "$(server_user) 700" ]
}

make_socket_dir() {
    if ! [ -e "$SOCKET_DIR" ]; then as_server mkdir -m 0700 "$SOCKET_DIR" 2>/dev/null || true; fi
    socket_dir_is_ours ||
        fail "$SOCKET_DIR is not a private directory of the user $(server_user): please look who made it and remove it"
}

# --- life of the cluster --------------------------------------------------------------------------------------

cluster_answers() { [ -n "$PG_BIN" ] && socket_dir_is_ours && "$PG_BIN/pg_isready" -q -h "$SOCKET_DIR" -p 5432 -U "$CLUSTER_ROLE"; }

control_cluster() { as_server "$PG_BIN/pg_ctl" -D "$CLUSTER_DIR/data" "$@"; }

cluster_runs() { [ -n "$PG_BIN" ] && control_cluster status >/dev/null 2>&1; }

make_cluster() {
    local locale=C.UTF-8
    if is_macos; then locale=en_US.UTF-8; fi
    if is_root; then
        id postgres >/dev/null 2>&1 || fail "PostgreSQL does not run as root, and there is no user 'postgres'"
        mkdir -p "$CLUSTER_DIR"
        chown postgres "$CLUSTER_DIR"
    else
        mkdir -p "$CLUSTER_DIR"
    fi
    chmod 0700 "$CLUSTER_DIR"
    require_free_space "$CLUSTER_DIR" 500
    step "Making the PostgreSQL cluster in $CLUSTER_DIR"
    if [ "$CLUSTER_DIR" != "$VAR/postgres" ]; then
        say "    (not under $VAR, which the database user 'postgres' cannot reach)"
    fi
    # initdb works aside, so that an interrupted one leaves no half cluster behind.
    as_server rm -rf "$CLUSTER_DIR/unfinished"
    run_logged initdb "making the PostgreSQL cluster" as_server "$PG_BIN/initdb" --pgdata "$CLUSTER_DIR/unfinished" \
        --username "$CLUSTER_ROLE" --auth-local trust --auth-host reject --encoding UTF8 --locale "$locale" --data-checksums
    as_server sh -c 'echo "include '\''geoparticipation.conf'\''" >>"$1/postgresql.conf"' sh "$CLUSTER_DIR/unfinished"
    as_server mv "$CLUSTER_DIR/unfinished" "$CLUSTER_DIR/data"
    forget_stamps migrations demo
}

start_cluster() {
    find_postgres || explain_missing_postgres
    cluster_answers && return 0
    if [ -d "$CLUSTER_DIR" ] && ! is_root && ! [ -O "$CLUSTER_DIR" ]; then
        fail "the cluster in $CLUSTER_DIR was made by another user: run this as that user (root's runs as postgres)"
    fi
    as_server test -d "$CLUSTER_DIR/data" || make_cluster
    # Runs, but without its socket: someone cleaned /tmp.
    if cluster_runs; then control_cluster stop -m fast -w >/dev/null; fi
    make_socket_dir
    require_free_space "$CLUSTER_DIR" 100
    as_server sh -c 'cat >"$1/data/geoparticipation.conf"' sh "$CLUSTER_DIR" <"$ROOT/bin/lib/postgresql.conf"
    step "Starting PostgreSQL ($CLUSTER_DIR)"
    if ! control_cluster -l "$CLUSTER_DIR/server.log" -o "-p 5432 -k $SOCKET_DIR" -w -t 60 start >/dev/null 2>&1; then
        say "$(as_server tail -n 3 "$CLUSTER_DIR/server.log" 2>/dev/null || true)"
        fail "PostgreSQL did not start (details in $CLUSTER_DIR/server.log)"
    fi
}

stop_cluster() {
    find_postgres || return 0
    cluster_runs || return 0
    step "Stopping PostgreSQL"
    control_cluster stop -m fast -w -t 60 >/dev/null || fail "PostgreSQL did not stop (see $CLUSTER_DIR/server.log)"
}

local_psql() { # DATABASE ARGUMENTS...
    local database="$1"
    shift
    "$PG_BIN/psql" -X -h "$SOCKET_DIR" -p 5432 -U "$CLUSTER_ROLE" -d "$database" "$@"
}

has_local_database() { # NAME
    [ "$(local_psql postgres -Atq -v name="$1" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'")" = 1 ]
}

# Another database than the usual one is somebody's own (a restored backup, say): used as it is, never made.
ensure_local_database() {
    local name
    name=$(local_database)
    if has_local_database "$name"; then return 0; fi
    uses_usual_database || fail "DATABASE_URL names '$name', and the local cluster has no such database"
    local_psql postgres -qc "CREATE DATABASE $CLUSTER_DATABASE TEMPLATE template0 ENCODING 'UTF8'"
}

# --- who may turn off the light -------------------------------------------------------------------------------
# bin/demo and bin/test stop a cluster that they started, unless somebody else came to use it meanwhile.

CLUSTER_STARTED_HERE=0

ensure_cluster() {
    find_postgres || explain_missing_postgres
    cluster_answers && return 0
    start_cluster
    CLUSTER_STARTED_HERE=1
}

release_cluster() {
    local others
    [ "$CLUSTER_STARTED_HERE" = 1 ] || return 0
    CLUSTER_STARTED_HERE=0
    others=$(local_psql postgres -Atqc "SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()" 2>/dev/null || echo 0)
    if [ "$others" -gt 0 ]; then
        say "PostgreSQL stays on: others use it (bin/db stop stops it)."
    else
        stop_cluster
    fi
}
