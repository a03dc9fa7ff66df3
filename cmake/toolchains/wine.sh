#!/bin/sh
# wine.sh FOLDER WINE PROGRAM [ARGUMENT...]: runs a Windows program, with wine's settings and C: drive in FOLDER.
# The first program starts wine's services, which stay and keep what it writes to: through a pipe, whoever reads would
# wait for the services to end. So the output goes through files. What wine itself says is shown if the program fails.
export WINEPREFIX="$1" WINEDEBUG=fixme-all
shift
output=$(mktemp -d) || exit 1
trap 'rm -rf "$output"' EXIT
"$@" >"$output/out" 2>"$output/err" </dev/null
status=$?
cat "$output/out"
[ "$status" = 0 ] || cat "$output/err" >&2
exit $status
