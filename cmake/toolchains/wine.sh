#!/bin/sh
# wine.sh FOLDER WINE PROGRAM [ARGUMENT...]: runs a Windows program, with wine's settings and C: drive in FOLDER.
# The first program starts wine's services, which stay and keep what it writes to: through a pipe, whoever reads would
# wait for the services to end. So the output goes through a file.
export WINEPREFIX="$1" WINEDEBUG=-all
shift
output=$(mktemp) || exit 1
trap 'rm -f "$output"' EXIT
"$@" >"$output" 2>&1 </dev/null
status=$?
cat "$output"
exit $status
