"""Forms of official files: which to bring in, and what holds where people say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from contacts.models import Decision
from organisations.actor import Actor
from organisations.forms import RecordForm


class SeveralFilesInput(forms.FileInput):
    """Chooses as many files as one likes."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or more; each is checked as a file field checks one."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """The files. Raises ValidationError where there is none, or one is empty."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(each, initial) for each in chosen or [None]]


class FilesForm(RecordForm):
    """The files to bring in."""

    uploads = SeveralFilesField(
        label="Choose the files, as downloaded",
        help_text="CSV files, or the zip files that they came in; together up to 150 MB. "
        "All of one register.",
        widget=SeveralFilesInput(attrs={"accept": ".csv,.zip"}),
        max_length=250,
        error_messages={
            "required": "Choose the files to bring in",
            "missing": "Choose the files to bring in",
            "empty": "One of the files is empty. Download it again",
            "max_length": "A file’s name is too long. Rename it to something shorter",
        },
    )


class ConflictForm(RecordForm):
    """What holds: what was reported, or what the register says."""

    mark_optional = False
    decision = forms.ChoiceField(
        label="Which trust should Tandem show?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which trust Tandem should show"},
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        actor: Actor,
        names: Sequence[str],
    ) -> None:
        super().__init__(data, actor=actor)
        ours, official = names
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (Decision.KEEP, f"{ours}, as reported"),
            (Decision.TAKE, f"{official}, as the register says"),
        ]
