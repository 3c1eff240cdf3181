#!/bin/sh
# Runs the given arguments with the first Python that is new enough; PYTHON names one.
for python in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
  [ -n "$python" ] || continue
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
    exec "$python" "$@"
done
echo "Tandem needs Python 3.11 or newer and found none.
  Debian 12, Ubuntu 24.04 or newer:  apt install python3 python3-venv
  Fedora, RHEL:                      dnf install python3.12
  macOS:                             brew install python@3.13
One that is installed elsewhere can be named: make run PYTHON=/path/to/python3" >&2
exit 1
