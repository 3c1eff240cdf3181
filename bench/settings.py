"""The real settings plus the bare page that others are measured against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
