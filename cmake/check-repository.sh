#!/usr/bin/env bash
# What must hold for the files themselves: no addresses in lock files, nothing generated or large is tracked, C and C++
# are formatted. Prints every fault; exit code 1 if there was one.
set -euo pipefail
cd "$(dirname "$0")/.."
faults=0
fault() {
    printf 'check-repository: %s\n' "$*"
    faults=1
}

while read -r file; do
    ! grep -qE 'https?://' "$file" || fault "$file holds an address; lock files carry hashes only"
done < <(git ls-files '*.lock.json' '*package-lock.json')

while read -r file; do fault "$file is generated and must not be tracked"; done \
    < <(git ls-files | grep -E '(^|/)(bin|obj|build|node_modules)/' || true)

while read -r size file; do
    [ "$size" -le 4194304 ] || fault "$file has $size bytes; files over 4 MiB do not belong here"
done < <(git ls-files -z | xargs -0 stat --format '%s %n')

if command -v clang-format >/dev/null 2>&1; then
    while read -r file; do
        clang-format --dry-run --Werror "$file" >/dev/null 2>&1 || fault "$file is not formatted (clang-format -i $file)"
    done < <(git ls-files 'native/*.h' 'native/*.cpp' 'native/*.c' 'tests/native/*.h' 'tests/native/*.cpp' 'src/imaging/*.c' 'src/imaging/*.h')
else
    echo "check-repository: clang-format was not found; formatting was not checked"
fi
exit $faults
