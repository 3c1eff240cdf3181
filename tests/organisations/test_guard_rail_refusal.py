"""The refusal says why and where to go, and holds the value nowhere."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from organisations.guard_rail import (
    IdentifierRefused,
    find_identifiers,
    find_identifiers_in,
    refusal_message,
    refuse_identifiers,
)
from tests.organisations.spellings import nhs_numbers, numbers, upn_letter

UPNS = numbers(12).map(lambda rest: upn_letter(rest) + rest)


def refusal(**fields: object) -> IdentifierRefused:
    with pytest.raises(IdentifierRefused) as caught:
        refuse_identifiers(**fields)
    return caught.value


def test_the_right_fields_are_named():
    refused = refusal(summary="943 476 5919", aim="Fewer missed days", notes="B801200005001")
    assert isinstance(refused, ValidationError)
    assert set(refused.message_dict) == {"summary", "notes"}
    assert {error.code for errors in refused.error_dict.values() for error in errors} == {
        "identifier"
    }


def test_what_people_are_told():
    (message,) = refusal(summary="943 476 5919").message_dict["summary"]
    assert message == (
        "This looks like it contains an NHS number. Tandem holds nothing about individual "
        "children or patients, so nothing was saved. Take the number out and try again. If you "
        "are worried about a child, speak to your designated safeguarding lead; do not use "
        "Tandem. If it is a telephone number, write it with its first 0 or +44. If it is "
        "anything else, leave it out and say where it can be looked up."
    )
    both = refusal_message(find_identifiers("943 476 5919, B801200005001"))
    assert both.startswith(
        "This looks like it contains an NHS number and a unique pupil number (UPN). "
    )


@given(nhs_numbers() | UPNS)
def test_the_value_is_in_no_message_repr_or_traceback(value):
    refused = refusal(summary=f"see {value} today")
    shown = [
        str(refused), repr(refused), repr(refused.found), str(refused.message_dict),
        repr(refused.args), repr(vars(refused)), "".join(traceback.format_exception(refused)),
        *(repr(finding) + str(finding) for finding in find_identifiers(value)),
        pickle.dumps(refused, protocol=0).decode("latin-1"),
    ]  # fmt: skip
    assert not [text for text in shown if value in text or value[1:] in text]


@given(value=nhs_numbers() | UPNS)
def test_nothing_is_logged(value):
    records: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Keeping(level=0)
    logging.getLogger().addHandler(handler)
    try:
        refusal(summary=value)
    finally:
        logging.getLogger().removeHandler(handler)
    assert records == []


def test_it_survives_pickling_and_copying():
    refused = refusal(summary="943 476 5919")
    for again in (pickle.loads(pickle.dumps(refused)), copy.copy(refused)):
        assert again.found == refused.found
        assert again.message_dict == refused.message_dict


@given(st.none() | st.integers() | st.booleans() | st.binary() | st.just(""))
def test_what_is_no_text_passes(value):
    refuse_identifiers(anything=value, nested=[value, {"deep": value}])
    assert not find_identifiers_in([value, {"deep": value}], label="anything")


def test_field_names_stand_for_labels():
    refuse_identifiers(work_telephone="1214960000", phone="7700 900 123")
    assert refusal(summary="1234567881").message_dict.keys() == {"summary"}
    refuse_identifiers(mobile="1234567881")
