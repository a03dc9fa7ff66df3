#!/usr/bin/env bash
# gpu_table.sh MAIN BIG REFINE [PEER]: the table of gpu_check.sh, from the JSON lines that lposs_bench and gpu_peer.py
# end with (files; PEER may be left out). MAIN: all four stages at one size; BIG: pixel stages at sizes; REFINE: the
# call from coarse scores to labels. What is not there is a dash.
set -euo pipefail
[ $# -ge 3 ] || {
    echo "usage: gpu_table.sh MAIN BIG REFINE [PEER]" >&2
    exit 2
}
line() { tail -n 1 "$1"; }
awk -v main="$(line "$1")" -v big="$(line "$2")" -v refine="$(line "$3")" -v peer="$([ $# -lt 4 ] || line "$4")" '
# The number behind "name": in text, or "".
function number(text, name,    at) {
    at = index(text, "\"" name "\":")
    if (!at) return ""
    text = substr(text, at + length(name) + 3)
    sub(/^ */, "", text)
    match(text, /^-?[0-9.]+(e[-+]?[0-9]+)?/)
    return RLENGTH > 0 ? substr(text, 1, RLENGTH) : ""
}
# The object of a stage, or "".
function stage_of(run, name,    at) {
    at = index(run, "\"" name "\":{")
    if (!at) return ""
    run = substr(run, at + length(name) + 4)
    return substr(run, 1, index(run, "}"))
}
function shown(format, value) { return value == "" ? "-" : sprintf(format, value) }
function row(size, classes, name, stage, peer_ms, pixels, memory,    ms, ratio, share) {
    ms = number(stage, "ms")
    ratio = peer_ms == "" || ms == "" ? "" : peer_ms / ms
    share = number(stage, "ceiling_share")
    printf "%-10s %7s %-12s %10s %8s %8s %10s %8s %9s %9s %9s %8s\n", size, classes, name, shown("%.3f", ms),
        shown("%.0f", number(stage, "gbps") + 0 > 0 ? number(stage, "gbps") : ""),
        shown("%.0f %%", share + 0 > 0 ? 100 * share : ""), shown("%.2f", peer_ms), shown("%.1f", ratio),
        shown("%.1e", number(stage, "error")), shown("%.5f", number(stage, "equal_labels")),
        shown("%.2f", pixels == "" || ms == "" ? "" : 1e6 * ms / pixels),
        shown("%.2f", memory == "" ? "" : memory / 2 ^ 30)
}
function rows(text, names,    runs, count, i, j, size, sides, stages, stage, n) {
    count = split(text, runs, /\{"device"/)
    n = split(names, stages, " ")
    for (i = 2; i <= count; ++i) {
        match(runs[i], /"size":"[0-9]+x[0-9]+"/)
        size = substr(runs[i], RSTART + 8, RLENGTH - 9)
        split(size, sides, "x")
        for (j = 1; j <= n; ++j) {
            stage = stage_of(runs[i], stages[j])
            if (stage != "")
                row(size, number(runs[i], "classes"), stages[j], stage, number(peer, stages[j] "_ms"),
                    stages[j] ~ /patch/ ? "" : sides[1] * sides[2], j == n ? number(runs[i], "memory_peak") : "")
        }
    }
}
BEGIN {
    printf "%-10s %7s %-12s %10s %8s %8s %10s %8s %9s %9s %9s %8s\n", "size", "classes", "stage", "ms", "GB/s",
        "ceiling", "peer ms", "ratio", "error", "labels", "ns/pixel", "GiB"
    rows(main, "patch_graph patch_solve pixel_graph pixel_solve")
    total = number(main, "total_ms")
    theirs = number(peer, "patch_graph_ms") + number(peer, "patch_solve_ms")
    theirs += number(peer, "pixel_graph_ms") + number(peer, "pixel_solve_ms")
    row("", "", "together", total == "" ? "" : ("\"ms\":" total), theirs > 0 ? theirs : "", "", "")
    peer = "" # ran at one size
    rows(big, "pixel_graph pixel_solve")
    rows(refine, "refine")
}'
