# shellcheck shell=bash
# The steps together: the environment that every command runs in, and the set-up of each kind of command.

LIB="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=bin/lib/common.sh
source "$LIB/common.sh"
# shellcheck source=bin/lib/system.sh
source "$LIB/system.sh"
# shellcheck source=bin/lib/python.sh
source "$LIB/python.sh"
# shellcheck source=bin/lib/node.sh
source "$LIB/node.sh"
# shellcheck source=bin/lib/postgres.sh
source "$LIB/postgres.sh"

# --- environment ----------------------------------------------------------------------------------------------

# PGPORT, PGHOST, PGSERVICE and the like would lead the client libraries away from the local cluster.
forget_foreign_postgres_variables() {
    local name
    for name in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do unset "$name"; done
}

read_or_make_secret_key() {
    local file="$VAR/secret_key" draft
    if ! [ -s "$file" ]; then
        draft=$(umask 077 && mktemp "$VAR/secret_key.XXXXXX")
        head -c 48 /dev/urandom | base64 | tr -d '\n' >"$draft"
        mv "$draft" "$file"
    fi
    cat "$file" || fail "cannot read $file: run this as its owner or as root"
}

export_environment() {
    if uses_local_cluster; then
        forget_foreign_postgres_variables
        export DATABASE_URL="${DATABASE_URL:-$LOCAL_URL_BASE/$CLUSTER_DATABASE}"
    fi
    if [ -z "${SECRET_KEY:-}" ]; then
        SECRET_KEY=$(read_or_make_secret_key)
        export SECRET_KEY
    fi
    export DJANGO_SETTINGS_MODULE=geoparticipation.settings
    # Two test runs side by side each have a database of their own.
    export TEST_DB_NAME="${TEST_DB_NAME:-test_gp_$$}"
    export PATH="$VENV/bin:$PATH"
}

# --- set-up ---------------------------------------------------------------------------------------------------

# Everything up to a database that answers. Where nothing is left to do, nobody waits for another command that is still
# setting up: one that installs the tools of development does not hold up those that serve.
set_up() { # runtime | dev
    local needs=(database pdf)
    [ "$1" = runtime ] || needs+=(tests)
    if is_set_up "$1" "${needs[@]}"; then
        export_environment
        return 0
    fi
    lock_setup
    mkdir -p "$VAR/media" "$VAR/static" # WhiteNoise warns of a missing folder
    ensure_system_packages "${needs[@]}"
    ensure_python "$1"
    ensure_npm "$1"
    ensure_built
    compile_translations
    export_environment
    if uses_local_cluster; then
        ensure_cluster
        ensure_local_database
    fi
    unlock_setup
}

is_set_up() { # runtime | dev SYSTEM_NEED...
    if [ -z "${SECRET_KEY:-}" ] && ! [ -s "$VAR/secret_key" ]; then return 1; fi
    [ -d "$VAR/media" ] && [ -d "$VAR/static" ] && has_python "$1" && has_npm "$1" && has_built && has_translations || return 1
    has_system_packages "${@:2}" || return 1
    uses_local_cluster || return 0
    forget_foreign_postgres_variables
    find_postgres && cluster_answers && has_local_database "$(local_database)"
}

# msgfmt is what compilemessages calls; calling it ourselves spares the start of Django. A broken translation is
# shown and skipped: it must not lock people out of the command with which they would mend it.
compile_translations() {
    local source compiled
    translations_to_compile | while IFS= read -r source; do
        compiled="${source%.po}.mo"
        if msgfmt --check-format -o "$compiled.new" "$source" >&2; then
            mv "$compiled.new" "$compiled"
        else
            rm -f "$compiled.new"
            say "Translation left as it was: $source"
        fi
    done
}

translations_to_compile() {
    local source compiled
    for source in "$ROOT"/locale/*/LC_MESSAGES/*.po "$ROOT"/*/locale/*/LC_MESSAGES/*.po; do
        [ -f "$source" ] || continue
        compiled="${source%.po}.mo"
        if ! [ -f "$compiled" ] || [ "$source" -nt "$compiled" ]; then printf '%s\n' "$source"; fi
    done
}

has_translations() { [ -z "$(translations_to_compile)" ]; }

migrations_key() {
    { printf '%s\n' "$DATABASE_URL" && cat "$ROOT"/*/migrations/*.py "$ROOT"/*/*/migrations/*.py "$(lock_file runtime)"; } | hash_of_input
}

# Nobody but us touches the usual database's tables; of any other we know nothing, so Django looks each time.
ensure_migrations() {
    local key
    key=$(migrations_key)
    if uses_usual_database && is_stamped migrations "$key"; then return 0; fi
    step "Migrating the database"
    run_logged migrate "migrating the database" "$PYTHON" "$ROOT/manage.py" migrate --no-input
    if uses_usual_database; then write_stamp migrations "$key"; fi
}
