#!/usr/bin/env bash
# What must hold for the tracked files themselves: no address in a lock file, nothing generated or large, 120 columns,
# C, C++ and CUDA as clang-format has them, includes as native/rooms.txt has them, C# as dotnet format has it. Names
# every fault; exit code 1 if there is one.
#   .ci/check-repository.sh [FOLDER]   the repository to check; without it the one that this script is part of
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/..}"
export LC_ALL=C.UTF-8 # Columns are characters, not bytes.
faults=0
fault() {
    printf 'check-repository: %s\n' "$*"
    faults=1
}

while read -r file; do
    ! grep -qE 'https?://' "$file" || fault "$file holds an address; lock files carry hashes only"
done < <(git ls-files '*.lock.json' '*-lock.json')

generated='(^|/)(bin|obj|build|node_modules|TestResults|__pycache__)/|\.(o|a|so|dll|pyc|trx|user)$'
while read -r file; do fault "$file is generated and must not be tracked"; done \
    < <(git ls-files | grep -E "$generated" || true)

while read -r size file; do
    [ "$size" -le 4194304 ] || fault "$file has $size bytes; files over 4 MiB do not belong here"
done < <(git ls-files -z | xargs -0 -r stat --format '%s %n')

# A row of a table in Markdown cannot be broken.
while IFS=: read -r file line text; do
    [[ $file == *.md && $text == '|'* ]] || fault "$file:$line has more than 120 columns"
done < <(git ls-files -z '*.cs' '*.c' '*.h' '*.cpp' '*.hpp' '*.cu' '*.cuh' '*.py' '*.sh' '*.cmake' '*CMakeLists.txt' \
    '*.md' .ci/run | xargs -0 -r grep -nHE '^.{121,}' || true)

mapfile -t native < <(git ls-files '*.c' '*.h' '*.cpp' '*.hpp' '*.cu' '*.cuh')
if [ ${#native[@]} -gt 0 ] && ! command -v clang-format >/dev/null 2>&1; then
    fault "clang-format was not found; ./build.sh check installs it"
elif [ ${#native[@]} -gt 0 ]; then
    while read -r file; do fault "$file is not formatted (clang-format -i $file)"; done < <(
        printf '%s\n' "${native[@]}" | xargs -n 50 -P "$(nproc)" clang-format --dry-run --Werror 2>&1 |
            sed -nE 's/^(.+):[0-9]+:[0-9]+: error: .*/\1/p' | sort -u
    )
fi

# The rooms of the core.
if [ -f native/rooms.txt ]; then
    while read -r report; do fault "${report#check-includes: }"; done < <("$here/check-includes.sh" "$PWD")
fi

while read -r solution; do
    # What the analyzers look at comes from the restored packages.
    dotnet restore "$solution" --verbosity quiet -p:RestoreLockedMode="${CI_LOCKED:-false}" ||
        fault "$solution cannot be restored"
    status=0
    report=$(dotnet format "$solution" --verify-no-changes --no-restore --verbosity quiet 2>&1) || status=$?
    [ $status = 0 ] || fault "$solution is not formatted (dotnet format)"
    while read -r place; do [ -z "$place" ] || fault "$place"; done < <(
        sed -nE "s/ \[[^]]*\]\$//; s#^$PWD/##; s/^(.+)\(([0-9]+),[0-9]+\): (error|warning) /\1:\2 /p" \
            <<<"$report" | sort -u
    )
done < <(git ls-files '*.sln' '*.slnx')
exit $faults
