# shellcheck shell=bash
# The virtual environment and what is installed into it, exactly as locked.

lock_file() { printf '%s\n' "$ROOT/requirements/$1.lock"; }

# What an environment stands on: the interpreter behind the links, and the place (its scripts name it).
venv_ground() { printf '%s\n' "$(readlink -f "$PYTHON" 2>/dev/null || true)" "$ROOT"; }
venv_key() { venv_ground | hash_of_input; }
python_key() { { venv_ground && cat "$(lock_file "$1")"; } | hash_of_input; } # runtime | dev | node

# Development's lock holds everything of the runtime's in the same versions (bin/lock sees to it).
has_python() { # runtime | dev
    is_stamped python-dev "$(python_key dev)" ||
        { [ "$1" = runtime ] && is_stamped python-runtime "$(python_key runtime)"; }
}

ensure_python() { # runtime | dev
    if has_python "$1"; then return 0; fi
    ensure_venv
    require_free_space "$ROOT" 1000
    step "Installing Python packages (requirements/$1.lock) - a minute or two"
    run_logged pip "installing the Python packages" \
        "$PYTHON" -m pip install --disable-pip-version-check --no-input --require-hashes -r "$(lock_file "$1")"
    write_stamp "python-$1" "$(python_key "$1")"
}

# Made anew when the interpreter has gone or changed its minor version, or when the checkout has moved.
ensure_venv() {
    local python
    if [ -x "$PYTHON" ] && is_stamped venv "$(venv_key)"; then return 0; fi
    python=$(find_python) || fail "Python 3.11 or newer with venv is needed (Debian: apt-get install python3-venv)"
    step "Making the virtual environment .venv ($("$python" --version))"
    forget_stamps venv python-runtime python-dev python-node
    run_logged venv "making the virtual environment" "$python" -m venv --clear "$VENV"
    write_stamp venv "$(venv_key)"
}
