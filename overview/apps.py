"""App configuration."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """Pages that compose every floor: home, the partnership page, neutral links."""

    name = "overview"

    def ready(self) -> None:
        """Put the pages into the menu, and sections into pages of the rooms below."""
        from frontend import navigation
        from overview import review_parts
        from overview.digest import mail as digest_mail
        from overview.feeds import section
        from overview.planner import due_actions, planned, sources
        from overview.who_to_contact import in_touch

        review_parts.register()
        in_touch.register()
        digest_mail.register()
        section.register()
        for source in (*planned.SOURCES, due_actions.SOURCE):
            sources.register(source)

        navigation.register("home", "Home", "home", of_organisation=True, order=10)
        navigation.register(
            "partnerships", "Partnerships", "partnerships", of_organisation=True, order=20
        )
        navigation.register("planner", "Planner", "planner", of_organisation=True, order=25)
        navigation.register("directory", "Directory", "directory", of_organisation=True, order=30)
