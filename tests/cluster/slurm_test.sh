#!/usr/bin/env bash
# A collection on a real Slurm, on this machine: a job array through src/Lposs.Cli/cluster/lposs-batch.sbatch, one task
# of which is requeued half-way, then the merge; the results must be, byte for byte, those of one run.
#
#   slurm_test.sh LPOSS IMAGES WORK     the program, a folder of images, an empty folder to work in
#
# Needs slurmctld, slurmd, munged and root. All daemons are children of this script and end with it.
set -euo pipefail
lposs=$(realpath "$1") images=$(realpath "$2") work=$(realpath "$3")
sbatch_script=$(realpath "$(dirname "$0")/../../src/Lposs.Cli/cluster/lposs-batch.sbatch")
tasks=3
options=(--mode vlm --short-side 112 --device cpu --threads 1)
classes="sky, road; street, car"
daemons=()

fail() {
    echo "slurm_test: $*" >&2
    tail -n 20 "$work"/*.log >&2 || true
    exit 1
}

# stop PID: asks, waits ten seconds, then kills.
stop() {
    kill -TERM "$1" 2>/dev/null || return 0
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || { wait "$1" 2>/dev/null || true; return 0; }
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

stop_all() {
    for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do stop "${daemons[i]}"; done
}
trap stop_all EXIT

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    local tenths=$(($1 * 10))
    shift
    for _ in $(seq "$tenths"); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.1
    done
    return 1
}

free_port() {
    local port
    while port=$((20000 + RANDOM)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

start_slurm() {
    local host
    host=$(hostname -s)
    chmod 755 "$work"
    mkdir -p "$work/state" "$work/spool"
    dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 status=none
    chmod 700 "$work/munge.key"
    cat >"$work/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 RealMemory=16384 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF=$work/slurm.conf
    munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" \
        --pid-file="$work/munge.pid" --log-file="$work/munged.log" --seed-file="$work/munge.seed" \
        2>"$work/munged.err.log" &
    daemons+=($!)
    wait_for 10 test -S "$work/munge.socket" || fail "munged did not start"
    slurmctld -D -c 2>"$work/slurmctld.err.log" &
    daemons+=($!)
    wait_for 20 scontrol ping || fail "slurmctld did not start"
    slurmd -D -c 2>"$work/slurmd.err.log" &
    daemons+=($!)
    wait_for 20 sh -c 'sinfo --noheader --format %t | grep -q idle' || fail "slurmd did not join"
}

results() {
    (cd "$1" && find . -name .lposs -prune -o -type f ! -name run.json -print0 | sort -z | xargs -0 sha256sum)
}

# ended JOB: Slurm answers, knows every task of the array, and all of them are over. No answer is no end: a request
# can fail on a busy machine, and a requeued task can be between two states.
ended() {
    local states
    states=$(scontrol --oneliner show job "$1" | grep -o 'JobState=[A-Z_]*') || return 1
    [ "$(wc -l <<<"$states")" -eq "$tasks" ] || return 1
    ! grep -vqE '=(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY)$' <<<"$states"
}

journal_lines() { cat "$work"/array/.lposs/journal-1-of-$tasks.jsonl 2>/dev/null | wc -l; }

export XDG_CACHE_HOME=$work/cache
"$lposs" batch "$images" --output "$work/whole" --classes "$classes" "${options[@]}" --quiet ||
    fail "the single run failed"
start_slurm

cd "$work"
job=$(LPOSS=$lposs sbatch --parsable --array=0-$((tasks - 1)) --cpus-per-task=1 --mem=0 "$sbatch_script" \
    "$images" "$work/array" "$classes" "${options[@]}")
# Task 1 is taken away when it has done some of its images, and comes back.
wait_for 60 sh -c "[ \$(cat '$work'/array/.lposs/journal-1-of-$tasks.jsonl 2>/dev/null | wc -l) -ge 3 ]" ||
    fail "task 1 did not begin"
before=$(journal_lines)
scontrol requeue "${job}_1" || fail "task 1 ended before it could be requeued; more images are needed"
# A requeued task waits for its old credentials to expire, unless it is told not to.
wait_for 20 sh -c "scontrol show job ${job}_1 | grep -q JobState=PENDING" || true
wait_for 20 scontrol update "JobId=${job}_1" StartTime=now || true
wait_for 180 ended "$job" || fail "the array did not end"

scontrol show job "${job}_1" | grep -q 'Restarts=1' || fail "task 1 was not requeued"
"$lposs" batch merge "$work/array" --quiet || fail "the merge failed"
diff <(results whole) <(results array) || fail "the results differ from those of one run"
grep -q "images are done; resuming" lposs-batch-*-1.log || fail "task 1 did not resume"
echo "slurm_test: $(results array | wc -l) files equal; task 1 was requeued after $((before - 1)) images and went on"
