"""Forms about gateways: public facts, without a person's name or address."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from contacts.gateways.pasted import dates_in
from contacts.gateways.services import DETAILS
from contacts.keeping.selectors import places_of
from contacts.models import Gateway, GatewayType, Place, Region
from organisations.forms import RecordForm
from organisations.models import Organisation

# Words that a team's address has, and a person's has not.
OF_A_TEAM = frozenset(
    [
        "admin", "board", "business", "care", "child", "childrens", "children", "clerk",
        "commissioning", "committee", "contact", "cyp", "democratic", "duty", "enquiries",
        "enquiry", "families", "family", "gateway", "governance", "health", "healthwatch",
        "help", "hub", "hwb", "icb", "immunisation", "info", "mail", "meetings", "mhst", "nhs",
        "nursing", "office", "partnership", "partnerships", "public", "referrals", "safeguarding",
        "sais", "school", "schools", "secretariat", "send", "service", "services", "support",
        "team", "wellbeing",
    ]
)  # fmt: skip
PARTS = re.compile(r"[._-]+")


def looks_personal(address: str) -> bool:
    """Whether an address looks like one person's: two or three words, none of them a team's."""
    parts = [part for part in PARTS.split(address.partition("@")[0].lower()) if part]
    return (
        2 <= len(parts) <= 3
        and all(re.sub(r"\d+$", "", part).isalpha() for part in parts)
        and not OF_A_TEAM & {re.sub(r"\d+$", "", part) for part in parts}
    )


class GatewayForm(RecordForm):
    """What is known of a gateway; published, so of the team alone."""

    name = forms.CharField(
        label="What is it called here?",
        help_text="Leave empty if it goes by the name of its kind.",
        max_length=200,
        required=False,
    )
    host_code = forms.CharField(
        label="Which organisation hosts it?",
        help_text="Its code, for example 335 for Walsall Council, RBK for Walsall Healthcare.",
        max_length=20,
        required=False,
    )
    about = forms.CharField(
        label="What does it do?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    how_to_reach = forms.CharField(
        label="How do schools and health services reach it?",
        help_text="The way in, of the team: no person’s name.",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how to reach it"},
    )
    opening = forms.CharField(label="When is it open?", max_length=200, required=False)
    meets = forms.CharField(
        label="When does it usually meet?",
        help_text="For example: every quarter, on a Tuesday.",
        max_length=200,
        required=False,
    )
    website = forms.URLField(
        label="Web page",
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Enter a web address, like https://www.example.gov.uk"},
    )
    email = forms.EmailField(
        label="Email address of the team",
        max_length=254,
        required=False,
        error_messages={
            "invalid": "Enter an email address in the correct format, like team@example.nhs.uk"
        },
    )
    of_a_team = forms.BooleanField(label="The address is a team’s, not a person’s", required=False)
    telephone = forms.CharField(label="Telephone number of the team", max_length=30, required=False)
    address = forms.CharField(label="Address", max_length=300, required=False)
    postcode = forms.CharField(label="Postcode", max_length=10, required=False)
    source = forms.CharField(
        label="Where do you have this from?",
        max_length=200,
        error_messages={"required": "Say where the details come from"},
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"host_code"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host: Organisation | None = None

    def clean_host_code(self) -> str:
        """The organisation that has the code."""
        code: str = self.cleaned_data["host_code"].strip()
        if code:
            found = list(Organisation.objects.filter(code__iexact=code, closed_on=None)[:2])
            if len(found) != 1:
                raise ValidationError("No open organisation has this code. Find it by its name")
            self.host = found[0]
        return code

    def clean(self) -> dict[str, Any]:
        """An address that looks like a person's needs a word that it is none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        email = cleaned.get("email", "")
        if email and looks_personal(email) and not cleaned.get("of_a_team"):
            self.add_error(
                "email",
                "This looks like one person’s address. Everyone can read it, so enter the "
                "team’s, or tick that it is a team’s",
            )
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        """What was typed, by the names that the services take."""
        typed = {name: self.cleaned_data[name] for name in DETAILS if name != "host"}
        return {**typed, "host": self.host}


class NewGatewayForm(GatewayForm):
    """The same, of one that is not there yet: of which kind, and where."""

    type = forms.ModelChoiceField(
        GatewayType.objects.none(),
        label="Which kind of gateway is it?",
        empty_label="Choose a kind",
        error_messages={"required": "Choose which kind it is"},
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        label="Which place does it serve?",
        required=False,
        empty_label="The whole region",
    )
    guard_exempt: ClassVar[frozenset[str]] = frozenset({"host_code", "type", "place"})
    field_order = ("type", "place")

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, places = self.fields["type"], self.fields["place"]
        assert isinstance(kinds, forms.ModelChoiceField)
        assert isinstance(places, forms.ModelChoiceField)
        kinds.queryset = GatewayType.objects.all()
        keys = [each.pk for each in places_of(region)]
        places.queryset = Place.objects.filter(pk__in=keys).order_by("name")


def initial_of(gateway: Gateway) -> dict[str, Any]:
    """What the form shows of a gateway that is there."""
    typed = {name: getattr(gateway, name) for name in DETAILS if name != "host"}
    return {**typed, "host_code": gateway.host.code if gateway.host else ""}


class MeetingsForm(RecordForm):
    """When a gateway meets: several dates at once, as they are published."""

    dates = forms.CharField(
        label="On which days does it meet?",
        help_text="One a line, for example 3 December 2026. You can paste a list.",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter at least one date"},
    )
    days_before = forms.IntegerField(
        label="How many days before must papers be there?",
        help_text="Leave empty if that is not known.",
        min_value=0,
        max_value=90,
        required=False,
        error_messages={
            "invalid": "Enter a number of days, like 10",
            "min_value": "Enter a number from 0 to 90",
            "max_value": "Enter a number from 0 to 90",
        },
    )

    def clean_dates(self) -> list[date]:
        """Each line as a date."""
        return dates_in(self.cleaned_data["dates"])

    @property
    def meetings(self) -> list[tuple[date, date | None]]:
        """Each day with the last day for papers."""
        before = self.cleaned_data["days_before"]
        return [
            (day, None if before is None else day - timedelta(days=before))
            for day in self.cleaned_data["dates"]
        ]
