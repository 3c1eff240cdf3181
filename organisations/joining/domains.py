"""Domains that operators trust to belong to an organisation: exactly that name, nothing like it."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations import audit, permissions
from organisations.actor import Actor
from organisations.models import Organisation, TrustedDomain
from organisations.models.standing import DOMAIN
from organisations.permissions import Permission

# Anyone can have an address there.
PUBLIC_MAIL = frozenset(
    """
    aol.com btinternet.com btopenworld.com duck.com fastmail.com fastmail.fm gmail.com gmx.com
    gmx.co.uk googlemail.com hey.com hotmail.co.uk hotmail.com icloud.com live.co.uk live.com
    mac.com mail.com me.com msn.com ntlworld.com outlook.co.uk outlook.com plus.com plus.net
    pm.me proton.me protonmail.com sky.com talk21.com talktalk.net tiscali.co.uk tuta.com
    tutanota.com virgin.net virginmedia.com yahoo.co.uk yahoo.com yandex.com ymail.com zoho.com
    """.split()
)
# Many organisations have addresses there, or names below it.
OF_MANY = frozenset(
    """
    nhs.net nhs.uk nhs.scot gov.uk sch.uk ac.uk org.uk co.uk ltd.uk plc.uk me.uk net.uk police.uk
    mod.uk parliament.uk
    """.split()
)


def normalised(domain: str) -> str:
    """The domain as it is compared: lower case, without `@` before it or a full stop after it.

    Raises ValidationError for what is no full domain, for letters of other alphabets (encoded
    or not), and for one where anybody, or many organisations, can have an address.
    """
    domain = domain.strip().lower().removeprefix("@").removesuffix(".")
    if not domain.isascii() or "xn--" in domain:
        raise ValidationError(
            {"domain": "Enter a domain of the letters a to z, digits and hyphens alone"}
        )
    if not re.fullmatch(DOMAIN, domain) or len(domain) > 253:
        raise ValidationError({"domain": "Enter a full domain, like windsoracademytrust.org.uk"})
    if domain in PUBLIC_MAIL or domain in OF_MANY:
        raise ValidationError(
            {"domain": f"An address at {domain} does not show for whom somebody works"}
        )
    return domain


@transaction.atomic
def trust(
    *, by: Actor, organisation: Organisation, domain: str, note: str, shared: bool = False
) -> TrustedDomain:
    """Trust that addresses at `domain` belong to people of the organisation.

    `shared` says that the domain belongs to other organisations as well. Raises ValidationError
    for a domain that proves nothing, one trusted already, or one of another organisation that is
    not said to be shared.
    """
    permissions.require(by, Permission.TRUST_DOMAIN)
    domain = normalised(domain)
    if not note.strip():
        raise ValidationError({"note": "Say how you know that the domain is theirs"})
    others = list(
        TrustedDomain.objects.filter(domain=domain, removed_at=None).select_related("organisation")
    )
    if any(each.organisation_id == organisation.pk for each in others):
        raise ValidationError({"domain": f"{domain} is trusted for {organisation} already"})
    if others and not shared:
        names = ", ".join(each.organisation.name for each in others)
        raise ValidationError(
            {"shared": f"{domain} is trusted for {names}. Say so if both organisations use it"}
        )
    trusted = TrustedDomain(
        organisation=organisation,
        domain=domain,
        shared=shared,
        note=note.strip(),
        added_by_id=by.user_id,
    )
    trusted.clean_fields(exclude=["organisation", "added_by", "removed_by"])
    try:
        with transaction.atomic():
            trusted.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"domain": f"{domain} has just been trusted elsewhere"}) from None
    audit.record(
        "domain trusted",
        by=by,
        obj=trusted,
        changes={"organisation": [None, organisation.pk], "shared": shared},
    )
    return trusted


@transaction.atomic
def distrust(*, by: Actor, trusted: TrustedDomain) -> None:
    """Trust a domain no longer. Whoever it has admitted stays."""
    permissions.require(by, Permission.TRUST_DOMAIN)
    changed = TrustedDomain.objects.filter(pk=trusted.pk, removed_at=None).update(
        removed_at=timezone.now(), removed_by_id=by.user_id
    )
    if changed:
        audit.record(
            "domain no longer trusted",
            by=by,
            obj=trusted,
            changes={"organisation": [trusted.organisation_id, None]},
        )
