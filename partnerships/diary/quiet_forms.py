"""The forms of a quiet period: proposing one, and answering."""

from __future__ import annotations

from django import forms

from frontend.forms import DateField, Presentation
from organisations.forms import RecordForm
from partnerships.diary.services import LONGEST_REASON


class ProposeForm(RecordForm):
    """Which days, and why."""

    reason = forms.CharField(
        label="What is the reason?",
        help_text="Everyone in the partnership reads it, like Mock exams or Moving to a new system",
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Say why, like Mock exams",
            "max_length": f"The reason must be {LONGEST_REASON} characters or fewer",
        },
    )
    starts_on = DateField(
        label="What is the first day?",
        error_messages={"required": "Enter the first day, like 27 3 2027"},
    )
    ends_on = DateField(
        label="What is the last day?",
        help_text="12 weeks at most",
        error_messages={"required": "Enter the last day, like 9 4 2027"},
    )
    presentation = {
        name: Presentation(label_size="s") for name in ("reason", "starts_on", "ends_on")
    }


class AnswerForm(RecordForm):
    """Whether the acting organisation agrees."""

    AGREE, DECLINE = "agree", "decline"

    answer = forms.ChoiceField(
        label="Does your organisation agree?",
        choices=[(AGREE, "Yes, we agree"), (DECLINE, "No, we do not agree")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your organisation agrees"},
    )
    presentation = {
        "answer": Presentation(
            hints={
                AGREE: "The days count as quiet once every member has agreed",
                DECLINE: "The days stay days like others. You can change your answer later",
            }
        )
    }
