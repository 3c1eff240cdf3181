"""App configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search over all that an organisation may see."""

    name = "overview.search"

    def ready(self) -> None:
        """Put the box in the header."""
        from frontend import navigation

        navigation.set_search("search")
