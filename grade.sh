#!/usr/bin/env bash
# Sets up .venv on a machine that has Python 3.10 to 3.13 and nothing else, then hands over to `python -m autograder grade`.
# Without paths it grades the bundled examples. With --container it needs docker or podman instead of .venv.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for argument in "$@"; do
  if [ "$argument" = --container ]; then exec python3 -I "$here/container/grade.py" "$@"; fi
done
bash "$here/setup.sh"
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"
if [ $# -eq 0 ]; then
  set -- "$here/examples"
fi
exec "$here/.venv/bin/python" -m autograder grade "$@"
