#!/bin/sh
# Starts what the container is for: reads secrets from files, lays the built scripts of this release into VAR_DIR.
set -eu

# NAME_FILE=/run/secrets/name stands for NAME=..., so that no secret is in the environment of the container's definition.
for name in SECRET_KEY DATABASE_URL BACKUP_DATABASE_URL PGPASSWORD EMAIL_HOST_PASSWORD; do
    eval "file=\${${name}_FILE:-}"
    if [ -n "$file" ]; then
        value=$(cat "$file")
        export "$name=$value"
        unset "${name}_FILE"
    fi
done

# An empty value counts as unset, as everywhere.
export VAR_DIR="${VAR_DIR:-/var/lib/geoparticipation}"
# VAR_DIR is a volume and outlives the image. Files of former releases stay for two weeks: their pages may still be open.
mkdir -p "$VAR_DIR/media" "$VAR_DIR/static" "$VAR_DIR/built"
find "$VAR_DIR/built" -type f -mtime +14 -delete
for file in $(cd var/built && find . -type f ! -name manifest.json) manifest.json; do
    mkdir -p "$VAR_DIR/built/$(dirname "$file")"
    cp "var/built/$file" "$VAR_DIR/built/$file.$$"
    mv "$VAR_DIR/built/$file.$$" "$VAR_DIR/built/$file"
done

exec "$@"
