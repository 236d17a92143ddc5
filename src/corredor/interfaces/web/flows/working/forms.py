"""Forms of the working pages. They read; what is allowed is decided by the services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corredor.areas.flows.queries.things import GateCard, MeasureCard, SourceCard
from corredor.areas.flows.queries.working import SeriesGroup
from corredor.interfaces.web.flows.working.columns import OneOf
from corredor.interfaces.web.flows.working.series_words import BREAKDOWNS, READERS
from corredor.interfaces.web.people.forms import PlainForm, day_field
from corredor.kernel.sharing import Level

ACCEPTED = ".xlsx,.xls,.ods,.csv,.tsv,.txt,.gz,.pdf"
TOO_LARGE = _("The file is larger than Corredor reads (%(most)s MB). Divide it by year and bring each part.")
NO_ROOM = _("There is no room on the disk for this file now. Tell the operators, and bring it again later.")


class UploadForm(PlainForm):
    source = forms.ChoiceField(
        label=_("Whose figures are they?"), help_text=_("The source under which they will be shown.")
    )
    file = forms.FileField(
        label=_("The file"),
        max_length=300,
        help_text=_(
            "A spreadsheet or CSV as the ministry made it. Nothing is kept before you have seen what it says."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    known_on = day_field(
        _("On which day did these figures become known?"),
        required=False,
        help_text=_(
            "Leave it empty for today. Older editions are brought in the order in which they became known."
        ),
    )

    def __init__(
        self, *args: Any, sources: Sequence[SourceCard], stopped: str = "", most_mb: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stopped, self.most_mb = stopped, most_mb
        choices = [(card.code, str(card.name)) for card in sources]
        self.fields["source"].choices = choices if len(choices) == 1 else [("", _("Choose one")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if self.stopped:
            self.errors.pop("file", None)
            words = TOO_LARGE % {"most": self.most_mb} if self.stopped == "too-large" else NO_ROOM
            self.add_error("file", words)
        return entered


class SheetForm(PlainForm):
    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args: Any, sheets: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]


def _levels(levels: Iterable[Level]) -> list[tuple[str, Any]]:
    return [(str(int(level)), _level_words(level)) for level in levels]


def _level_words(level: Level) -> str:
    return f"{level.label}: {READERS[level]}" if level == Level.PUBLIC else str(level.label)


class PublishForm(PlainForm):
    level = forms.ChoiceField(
        label=_("Who may see these figures?"),
        widget=forms.RadioSelect,
        help_text=_("What was published cannot be made unseen; a wrong batch can be withdrawn."),
    )

    def __init__(self, *args: Any, levels: Iterable[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = _levels(levels)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Level:
        return Level(int(self.cleaned_data["level"]))


class WithdrawForm(PlainForm):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. It stays on record with your name."),
    )


class SharingForm(PlainForm):
    """How far each group of series may go at most."""

    use_required_attribute = False

    def __init__(self, *args: Any, groups: Sequence[SeriesGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        for at, group in enumerate(groups):
            mixed = [] if group.level is not None else [("", _("Not all alike: leave as they are"))]
            self.fields[f"level-{at}"] = OneOf(
                label=f"{group.gate.name}, {str(group.measure.name).lower()}: {BREAKDOWNS[group.breakdown]}",
                choices=[*mixed, *((str(int(level)), level.label) for level in Level)],
                initial="" if group.level is None else str(int(group.level)),
            )

    def changes(self) -> list[tuple[int, Level]]:
        """Each series to be set, with its new level."""
        return [
            (series, Level(int(chosen)))
            for at, group in enumerate(self.groups)
            if (chosen := self.cleaned_data[f"level-{at}"]) and {Level(int(chosen))} != group.levels
            for series in group.series
        ]


class NoteForm(PlainForm):
    text_es = forms.CharField(
        label=_("The note in Spanish"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text_en = forms.CharField(
        label=_("The note in English"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In one language at least; in both it reaches everybody."),
    )
    level = forms.ChoiceField(
        label=_("Who may read it?"), help_text=_("Never more than those who see the figure itself.")
    )

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = Level if may_publish else [Level.OWN]
        self.fields["level"].choices = _levels(readers)  # type: ignore[attr-defined]

    def take_text(self, words: Any) -> None:
        """The service speaks of one text; the form has it in two languages."""
        self.add_error("text_es", words)


class ValidateForm(PlainForm):
    about = forms.ChoiceField(label=_("Which provisional figures?"))
    through = day_field(
        _("Up to which day?"), help_text=_("Whole periods that ended by then are declared validated.")
    )

    def __init__(
        self, *args: Any, provisional: Sequence[tuple[MeasureCard, GateCard, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            (f"{measure.code} {gate.code}", f"{gate.name}, {str(measure.name).lower()} ({count})")
            for measure, gate, count in provisional
        ]
