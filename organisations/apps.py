"""App configuration."""

from django.apps import AppConfig
from django.http import HttpRequest


class OrganisationsConfig(AppConfig):
    """Organisations, schools, users, memberships, tenancy, audit, outbox, guard-rail."""

    name = "organisations"

    def ready(self) -> None:
        """Register system checks, e-mails, and places in menu and footer."""
        from frontend import navigation
        from organisations.audit_trail import own_kinds
        from organisations.exporting import archive
        from organisations.exporting import mail as export_mail
        from organisations.joining import asking_mail
        from organisations.joining import mail as standing_mail
        from organisations.outbox.inbox import auto_replies, bounces, complaints
        from organisations.outbox.inbox import checks as inbox_checks  # noqa: F401
        from organisations.outbox.notify import checks as notify_checks  # noqa: F401
        from organisations.people import invitations_left
        from organisations.people import mail as people_mail
        from organisations.reorganising import own_kinds as reorganised_kinds
        from organisations.signing_in.reset import mail as reset_mail
        from organisations.support import mail as support_mail
        from organisations.tenancy import checks  # noqa: F401

        for sort in (bounces, complaints, auto_replies):
            sort.register_sort()
        asking_mail.register()
        people_mail.register()
        standing_mail.register()
        support_mail.register()
        reset_mail.register()
        archive.register()
        export_mail.register()
        invitations_left.register()
        own_kinds.register_own()
        reorganised_kinds.register_own()
        navigation.set_switcher("my-organisations")
        navigation.set_account("account_home")
        navigation.register("people", "People", "people", of_organisation=True, order=80)
        navigation.register(
            "audit", "Audit trail", "audit", of_organisation=True, visible=_sees_audit, order=90
        )
        navigation.register(
            "own-organisation",
            "Your organisation",
            "own-organisation",
            of_organisation=True,
            order=95,
        )
        navigation.register("operator", "Operator", "operator", visible=_is_operator, order=900)
        navigation.register_footer("about", "About Tandem", "about", order=10)
        navigation.register_footer("privacy", "Privacy", "privacy", order=20)
        navigation.register_footer("accessibility", "Accessibility", "accessibility", order=30)


def _sees_audit(request: HttpRequest) -> bool:
    from organisations.permissions import Permission, can

    return can(getattr(request, "actor", None), Permission.SEE_AUDIT)


def _is_operator(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.is_operator
