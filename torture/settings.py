"""The project's settings, and one kind of e-mail more."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OF_THE_PROJECT

INSTALLED_APPS = [*OF_THE_PROJECT, "torture.apps.TortureConfig"]
