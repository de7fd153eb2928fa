#!/usr/bin/env bash
# Gradescope runs this once, as root, when the image is built. Its base image Ubuntu 24.04 has a Python that is new enough.
set -euo pipefail
cd "$(dirname "$0")"
fits() {
    python3 -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
}
if ! fits 2>/dev/null; then
    apt-get update
    apt-get install --yes --no-install-recommends python3 python3-venv
    fits || { echo "needs Python 3.11 to 3.13: choose Ubuntu 24.04 as the base image"; exit 1; }
fi
python3 -m venv ../venv
../venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
pwd > "$(../venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/autograder.pth"
chmod -R go= . # the checks, the solution and the secret are for root
