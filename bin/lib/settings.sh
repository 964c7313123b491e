# shellcheck shell=bash
# The file of settings as systemd reads it (EnvironmentFile, systemd.exec(5)): nothing in it is run or replaced.

# Export each NAME=value of a file. Lines that begin with # or ; are comments.
read_settings() { # FILE
    local line name number=0
    while IFS= read -r line || [ -n "$line" ]; do
        number=$((number + 1))
        line="${line#"${line%%[![:space:]]*}"}"
        case "$line" in "" | "#"* | ";"*) continue ;; esac
        name="${line%%=*}"
        name="${name%"${name##*[![:space:]]}"}"
        case "$line" in *=*) ;; *) fail "line $number of $1 is no NAME=value" ;; esac
        case "$name" in "" | [0-9]* | *[!A-Za-z0-9_]*) fail "line $number of $1 does not begin with a name" ;; esac
        unquote "${line#*=}" || fail "line $number of $1 has a quote that does not end"
        export "$name=$UNQUOTED"
    done <"$1"
}

# The value without its quotes, in UNQUOTED. Quotes count at the begin of a value and right after other quotes only.
unquote() { # TEXT
    local text="$1" state=before sign
    UNQUOTED=""
    text="${text#"${text%%[![:space:]]*}"}"
    text="${text%"${text##*[![:space:]]}"}"
    while [ -n "$text" ]; do
        sign="${text:0:1}"
        text="${text:1}"
        case "$state$sign" in
        "before'") state=single ;;
        'before"') state=double ;;
        "before "* | "before	"*) ;;
        "single'" | 'double"') state=before ;;
        "double\\")
            case "$text" in
            ['"\`$']*) UNQUOTED="$UNQUOTED${text:0:1}" text="${text:1}" ;;
            *) UNQUOTED="$UNQUOTED$sign" ;;
            esac
            ;;
        "before\\" | "plain\\") UNQUOTED="$UNQUOTED${text:0:1}" text="${text:1}" state=plain ;;
        before*) UNQUOTED="$UNQUOTED$sign" state=plain ;;
        *) UNQUOTED="$UNQUOTED$sign" ;;
        esac
    done
    [ "$state" = before ] || [ "$state" = plain ]
}
