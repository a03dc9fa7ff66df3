#!/usr/bin/env bash
# gpu_kernels.sh NCU.csv: the kernels in what `ncu --csv --page raw --metrics gpu__time_duration.sum` wrote, in the
# order of their first launch: a table, then the same as one JSON line. Times are medians in microseconds.
set -euo pipefail
[ $# -eq 1 ] || {
    echo "usage: gpu_kernels.sh NCU.csv" >&2
    exit 2
}
# Fields are quoted and hold commas; a kernel's name stands before its parameters.
awk -F '","' '
function bare(field) { gsub(/[",]/, "", field); return field }
# A name may be bare, or a whole signature, whose namespaces ncu cuts short: "void unnamed>::step_kernel<3>(int)".
function name_of(field) {
    gsub(/<?unnamed>::|\(anonymous namespace\)::/, "", field)
    sub(/^void /, "", field)
    sub(/\(.*/, "", field)
    while (sub(/^[A-Za-z_0-9]+::/, "", field)) {}
    return field
}
function median(kernel,    i, j, value, count) {
    count = launches[kernel]
    for (i = 2; i <= count; ++i) {
        value = times[kernel, i]
        for (j = i - 1; j >= 1 && times[kernel, j] > value; --j) times[kernel, j + 1] = times[kernel, j]
        times[kernel, j + 1] = value
    }
    return count % 2 ? times[kernel, (count + 1) / 2] : (times[kernel, count / 2] + times[kernel, count / 2 + 1]) / 2
}
/^"ID"/ {
    for (i = 1; i <= NF; ++i) column[bare($i)] = i
    next
}
!("Kernel Name" in column) { next }
/^""/ { # units
    unit = bare($column["gpu__time_duration.sum"])
    scale = unit == "ns" || unit == "nsecond" ? 1e-3 : unit == "ms" || unit == "msecond" ? 1e3 : 1
    next
}
/^"[0-9]/ {
    kernel = name_of($column["Kernel Name"])
    if (!(kernel in launches)) order[++kernels] = kernel
    times[kernel, ++launches[kernel]] = bare($column["gpu__time_duration.sum"]) * scale
}
END {
    if (kernels == 0) {
        print "gpu_kernels.sh: no kernel in this file" >"/dev/stderr"
        exit 1
    }
    printf "%-34s %8s %10s\n", "kernel", "launches", "us"
    for (i = 1; i <= kernels; ++i) {
        us = median(order[i])
        printf "%-34s %8d %10.2f\n", order[i], launches[order[i]], us
        json = json (i > 1 ? "," : "") sprintf("{\"kernel\":\"%s\",\"launches\":%d,\"us\":%.2f}", order[i],
            launches[order[i]], us)
    }
    print "[" json "]"
}' "$1"
