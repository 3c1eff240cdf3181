"""What an address says about who someone works for."""

from __future__ import annotations

import pytest

from organisations.address_check import AddressMatch, compare, domain_of


@pytest.mark.parametrize(
    ("email", "website", "match"),
    [
        ("a@walsallhealthcare.nhs.uk", "https://www.walsallhealthcare.nhs.uk/", AddressMatch.SAME),
        ("a@mail.walsallhealthcare.nhs.uk", "walsallhealthcare.nhs.uk", AddressMatch.SAME),
        ("A@WalsallHealthcare.NHS.uk", "http://walsallhealthcare.nhs.uk", AddressMatch.SAME),
        ("a@walsall-healthcare.nhs.uk", "walsallhealthcare.nhs.uk", AddressMatch.ALIKE),
        ("a@walsallhealthcare.nhs.uk.example", "walsallhealthcare.nhs.uk", AddressMatch.ALIKE),
        ("a@walsallhealthcare-nhs.uk", "www.walsallhealthcare.nhs.uk", AddressMatch.ALIKE),
        ("a@xn--walsll-hya.gov.uk", "walsall.gov.uk", AddressMatch.ALIKE),
        ("a@wаlsall.gov.uk", "walsall.gov.uk", AddressMatch.ALIKE),
        ("a@xn--anything-1.example", "", AddressMatch.ALIKE),
        ("a@nhs.net", "walsallhealthcare.nhs.uk", AddressMatch.NHS),
        ("a@gmail.com", "walsallhealthcare.nhs.uk", AddressMatch.DIFFERENT),
        ("a@notwalsallhealthcare.nhs.uk", "walsallhealthcare.nhs.uk", AddressMatch.ALIKE),
        ("a@windsoracademytrust.org.uk", "", AddressMatch.UNKNOWN),
    ],
)
def test_compare(email: str, website: str, match: AddressMatch) -> None:
    assert compare(email, website) is match


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("", ""),
        ("www.walsall.gov.uk", "walsall.gov.uk"),
        ("HTTPS://WWW.Walsall.gov.uk/schools?x=1", "walsall.gov.uk"),
        ("//walsall.gov.uk:8080", "walsall.gov.uk"),
    ],
)
def test_domain_of(website: str, domain: str) -> None:
    assert domain_of(website) == domain
