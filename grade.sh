#!/usr/bin/env bash
# Sets up .venv on a machine that has Python 3.10 to 3.13 and nothing else, then hands over to `python -m autograder grade`.
# Without arguments it grades the bundled examples.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bash "$here/setup.sh"
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"
if [ $# -eq 0 ]; then
  set -- "$here/examples"
fi
exec "$here/.venv/bin/python" -m autograder grade "$@"
