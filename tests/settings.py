"""Settings of the test run: the real ones, with cheap passwords and unhashed static files."""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, STORAGES

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Each worker has a database of the cache to itself: emptying it must not empty another's.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
CACHES["default"]["LOCATION"] += f"?db={1 + int(WORKER.removeprefix('gw'))}"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
LOGGING = {"format": "console"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# The cast signs in by password; tests/signing_in asks for the second step where it is about it.
REQUIRE_SECOND_STEP = []
