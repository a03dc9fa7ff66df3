#!/usr/bin/env bash
# Holds native/rooms.txt: names every include of native/src, native/emulator and native/bench that the table does not
# allow, and every room that it does not know. Exit code 1 if there is one.
#   .ci/check-includes.sh [FOLDER]   the repository to check; without it the one that this script is part of
set -euo pipefail
cd "${1:-$(dirname "$0")/..}/native"

# Prints "file:line room included-room" for every include in quotation marks.
list_includes() {
    git ls-files -z src emulator bench | xargs -0 -r grep -nHE '^ *# *include *"' /dev/null |
        grep -E '^[^:]+\.(h|hpp|cpp|cu|cuh|c):' |
        while IFS=: read -r file line text; do
            included=${text#*\"}
            included=${included%%\"*}
            room=${file%/*}
            room=${room#src/}
            # An include without a folder, or with one of bench's own, is from the including file's component.
            target=${included%/*}
            case $target in
            "$included") target=$room ;;
            *) [ ! -d "${file%%/*}/$target" ] || [ "${file%%/*}" = src ] || target=${file%%/*}/$target ;;
            esac
            printf '%s:%s %s %s\n' "$file" "$line" "$room" "$target"
        done
}

list_includes | awk -v rooms=rooms.txt '
    BEGIN {
        while ((getline line < rooms) > 0) {
            sub(/#.*/, "", line)
            count = split(line, words, " ")
            if (count == 0) continue
            known[words[1]] = 1
            for (i = 1; i <= count; ++i) allowed[words[1] " " words[i]] = 1
        }
    }
    !($2 in known) {
        print "check-includes: native/" $1 ": the room " $2 " is not in native/rooms.txt"
        faults = 1
        next
    }
    !(($2 " " $3) in allowed) {
        print "check-includes: native/" $1 ": " $2 " must not include " $3
        faults = 1
    }
    END { exit faults }'
