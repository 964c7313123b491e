"""Functions of `bin/lib`, called as the commands in `bin/` call them."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(script: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script that has `bin/lib` at hand and a folder `var/` of its own."""
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    surroundings |= {"VAR_DIR": str(var), "SECRET_KEY": "x" * 50, **environment}
    whole = f"set -euo pipefail\nsource {ROOT}/bin/lib/setup.sh\n{script}"
    return subprocess.run(
        ["/usr/bin/env", "bash", "-c", whole], env=surroundings, capture_output=True, text=True, check=False
    )


def printed(script: str, var: Path, **environment: str) -> str:
    """What such a script prints; it has to succeed."""
    done = run(script, var, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
