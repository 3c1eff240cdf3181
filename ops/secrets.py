"""Prints the passwords that docker compose needs, freshly made: `python3 -m ops.secrets > .env`.

Standard library only.
"""

from __future__ import annotations

import secrets

NAMES = (
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "OWNER_PASSWORD",
    "WEB_PASSWORD",
    "WORKER_PASSWORD",
    "VALKEY_PASSWORD",
)

if __name__ == "__main__":
    for name in NAMES:
        print(f"{name}={secrets.token_hex(32)}")
