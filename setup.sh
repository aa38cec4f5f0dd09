#!/usr/bin/env bash
# Makes .venv beside this file and installs the pinned packages; does nothing when the lock it was made from has not changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lock="$here/requirements.lock"
venv="$here/.venv"

if [ -f "$venv/.lock" ] && cmp -s "$lock" "$venv/.lock"; then
  exit 0
fi

python=""
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.10 python3; do
  if command -v "$candidate" >/dev/null 2>&1 &&
     "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "setup.sh: no Python 3.10 to 3.13 was found. Install one, or name it: PYTHON=/path/to/python3.11 ./grade.sh" >&2
  exit 2
fi

echo "Setting up $venv with $("$python" --version) (once, a few minutes) ..." >&2
exec 9>"$here/.setup.lock"
if command -v flock >/dev/null 2>&1; then flock 9; fi
if [ -f "$venv/.lock" ] && cmp -s "$lock" "$venv/.lock"; then
  exit 0
fi
"$python" -m venv --clear "$venv"
# torch first: where only its CPU build is offered, packages that need torch must find it installed
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$(grep '^torch==' "$lock")"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$lock"
cp "$lock" "$venv/.lock"
