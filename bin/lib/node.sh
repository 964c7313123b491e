# shellcheck shell=bash
# The browser's libraries from npm. Node is only a tool of set-up and checks: nothing of it serves requests.

# Node 18 or newer with npm, which Debian packages apart.
has_usable_node() {
    have npm && have node && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' >/dev/null 2>&1
}

# Where the machine has no Node, a Python package brings it into the virtual environment.
ensure_node() {
    has_usable_node && return 0
    PATH="$VENV/bin:$PATH"
    is_stamped python-node "$(python_key node)" && return 0
    step "Installing Node into .venv (requirements/node.lock), because the machine has none"
    run_logged pip-node "installing Node" \
        "$PYTHON" -m pip install --disable-pip-version-check --no-input --require-hashes -r "$(lock_file node)"
    write_stamp python-node "$(python_key node)"
}

npm_key() { cat "$ROOT/package.json" "$ROOT/package-lock.json" | hash_of_input; }

has_npm() { # runtime | dev
    local key
    key=$(npm_key)
    [ -d "$ROOT/node_modules" ] || return 1
    is_stamped npm-dev "$key" || { [ "$1" = runtime ] && is_stamped npm-runtime "$key"; }
}

ensure_npm() { # runtime | dev
    local key omit=()
    if has_npm "$1"; then return 0; fi
    key=$(npm_key)
    ensure_node
    require_free_space "$ROOT" 300
    [ "$1" = dev ] || omit=(--omit=dev)
    step "Installing npm packages (package-lock.json)"
    forget_stamps npm-runtime npm-dev # npm ci empties node_modules first
    # No package here needs its install script, so none gets to run one.
    run_logged npm "installing the npm packages" \
        npm --prefix "$ROOT" ci --ignore-scripts --no-audit --no-fund ${omit[@]+"${omit[@]}"}
    write_stamp "npm-$1" "$key"
}

# --- scripts and style sheets ---------------------------------------------------------------------------------

# What pages load is bundled from these; reading them takes some 25 ms.
built_key() {
    {
        cat "$ROOT/package.json" "$ROOT/package-lock.json" "$ROOT"/bin/lib/*.mjs
        find "$ROOT"/*/static "$ROOT/templates" -type f \( -name '*.js' -o -name '*.css' -o -name '*.svg' -o -name '*.html' \) \
            -not -path "$ROOT/node_modules/*" -print0 | LC_ALL=C sort -z | xargs -0 cat
    } | hash_of_input
}

has_built() { [ -f "$VAR/built/manifest.json" ] && is_stamped built "$(built_key)"; }

ensure_built() {
    local key
    if has_built; then return 0; fi
    key=$(built_key)
    ensure_node
    step "Bundling scripts and style sheets"
    run_logged build "bundling scripts and style sheets" \
        env PATH="$VENV/bin:$PATH" node "$ROOT/bin/lib/build.mjs" "$VAR/built"
    write_stamp built "$key"
}
