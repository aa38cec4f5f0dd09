#!/usr/bin/env bash
# Gradescope runs this once, as root, while it builds the image: packages, data and caches, so that grading needs no network.
# Packages that are already in $AUTOGRADER_ROOT/venv, as in an image of your own, are kept.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
source=$root/source
venv=$root/venv

install() { apt-get install --yes --no-install-recommends "$@"; }

find_python() {
  for candidate in python3.11 python3.12 python3.13 python3.10 python3; do
    if command -v "$candidate" >/dev/null &&
       "$candidate" -c 'import sys, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

if ! "$venv/bin/python" -c "import torch, ipykernel, spacy" 2>/dev/null; then
  python=$(find_python) || { install python3 python3-venv; python=$(find_python); }
  "$python" -m venv --clear "$venv"
  pip() { "$venv/bin/python" -m pip install --no-cache-dir --disable-pip-version-check "$@"; }
  # PyTorch's own index has builds for CPUs alone, a tenth of the size of the others.
  index=$(sed -n 's/^torch_index = "\([^"]*\)".*/\1/p' "$source/gradescope.toml")
  [ -z "$index" ] || pip --no-deps --index-url "$index" $(grep -E '^torch(vision)?==' "$source/requirements.lock")
  pip --constraint "$source/requirements.lock" --requirement "$source/requirements.txt"
fi
ldconfig -p | grep -q 'libseccomp\.so\.2' || install libseccomp2

export PYTHONPATH=$source XDG_CACHE_HOME=$root/cache
"$venv/bin/python" -m compileall -q "$source/autograder" "$source/reference" "$source/tests"
"$venv/bin/python" -m autograder gradescope --prepare "$root"
chmod 700 "$source"
