# shellcheck shell=bash
# What every command in bin/ needs: where the checkout is, how to speak, fail, remember and wait.
#
# Written for bash 3.2 too (macOS ships it): no associative arrays, no mapfile, no ${name,,}.

unset CDPATH
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
VAR="${VAR_DIR:-$ROOT/var}"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"

# Everything said goes to stderr: the output of `bin/manage dumpdata > file` stays clean.
say() { printf '%s\n' "$*" >&2; }
step() { say "==> $*"; }

# One clear sentence, then the end.
fail() {
    say "$(basename "$0"): $*"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
is_macos() { [ "$(uname -s)" = Darwin ]; }

# Hash of standard input: sha256sum on Linux, shasum on macOS.
hash_of_input() {
    if have sha256sum; then sha256sum; else shasum -a 256; fi | cut -c1-40
}

# --- stamps: what is already done ---------------------------------------------------------------------------
# A stamp holds the hash of what a step was made from, and is written only after the step succeeded. An
# interrupted step therefore runs again, a finished one is skipped in a few milliseconds. Stamps of a database lie
# with it; those of what is installed stay in the checkout: another VAR_DIR must not install everything anew, and what
# installs as root must write nothing into a directory of the service, which could lay links there.

stamp_file() { # NAME
    case "$1" in
    migrations | demo) printf '%s\n' "$VAR/stamps/$1" ;;
    built) printf '%s\n' "$ROOT/var/stamps/built$(printf '%s' "${VAR#"$ROOT"}" | tr / -)" ;;
    *) printf '%s\n' "$ROOT/var/stamps/$1" ;;
    esac
}

is_stamped() { # NAME KEY
    local stamp kept=""
    stamp=$(stamp_file "$1")
    [ -f "$stamp" ] || return 1
    IFS= read -r kept <"$stamp" || true
    [ "$kept" = "$2" ]
}

write_stamp() { # NAME KEY
    local stamp
    stamp=$(stamp_file "$1")
    mkdir -p "$(dirname "$stamp")"
    printf '%s\n' "$2" >"$stamp"
}

forget_stamps() { # NAME...
    local name
    for name in "$@"; do rm -f "$(stamp_file "$name")"; done
}

# --- one at a time ------------------------------------------------------------------------------------------
# The lock belongs to file descriptor 9 and vanishes with the processes that hold it, so a killed set-up leaves
# none behind. Perl is the way to flock(2) where the command is missing (macOS).

try_lock() { # 1 = wait for it
    if have flock; then
        if [ "$1" = 1 ]; then flock 9; else flock -n 9; fi
    else
        perl -MFcntl=:flock -e 'open(my $f, "<&=9") or exit 1; exit !flock($f, LOCK_EX | ($ARGV[0] ? 0 : LOCK_NB))' "$1"
    fi
}

lock_setup() {
    mkdir -p "$ROOT/var" 2>/dev/null || true
    { exec 9>>"$ROOT/var/setup.lock"; } 2>/dev/null ||
        fail "cannot write to $ROOT/var, which belongs to another user: run this as its owner or as root"
    if ! try_lock 0; then
        say "Another command is setting up this checkout; waiting for it."
        try_lock 1
    fi
}

unlock_setup() { exec 9>&-; }

# --- what goes wrong on other people's machines ------------------------------------------------------------

require_free_space() { # DIRECTORY MEGABYTES
    local free
    free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$2" ] ||
        fail "the disk is too full: $1 has $free MB free, and this step needs $2 MB"
}

# As with stamps: of a database with it, of what is installed in the checkout.
log_file() { # NAME
    case "$1" in
    initdb | migrate) printf '%s\n' "$VAR/log/$1.log" ;;
    *) printf '%s\n' "$ROOT/var/log/$1.log" ;;
    esac
}

# Run a step with its output in a log; when it fails, say why in one sentence.
run_logged() { # NAME WHAT COMMAND...
    local name="$1" what="$2" log
    log=$(log_file "$name")
    shift 2
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        explain_failure "$name" "$what" "$log"
    fi
}

explain_failure() { # NAME WHAT LOG
    if grep -qiE 'no space left|ENOSPC|not enough free space|not have enough .*space' "$3"; then
        fail "$2 failed: the disk is full"
    elif fetches_packages "$1" && grep -qiE "$NETWORK_TROUBLE" "$3"; then
        fail "$2 failed: no network, or the package server cannot be reached (details in $3)"
    elif grep -qE 'PoolTimeout|connection failed|could not translate host name' "$3"; then
        fail "$2 failed: the database does not answer (details in $3)"
    else
        say "$(tail -n 5 "$3")"
        fail "$2 failed (details in $3)"
    fi
}

fetches_packages() { case "$1" in apt | brew | pip* | npm) return 0 ;; *) return 1 ;; esac }

NETWORK_TROUBLE='name resolution|failure resolving|could not resolve|name or service not known|connection refused|timed? ?out'
NETWORK_TROUBLE="$NETWORK_TROUBLE|network is unreachable|NewConnectionError|ProxyError|could not connect|cannot connect"
NETWORK_TROUBLE="$NETWORK_TROUBLE|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|Could not find a version"
