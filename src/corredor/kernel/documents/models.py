from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock


class Document(models.Model):
    """Something the forum keeps: of a country, of an organisation, or of the forum itself; private until decided."""

    title_en = models.CharField(max_length=250)
    title_es = models.CharField(max_length=250)
    country = models.ForeignKey("countries.Country", null=True, blank=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT
    )
    is_public = models.BooleanField(default=False)
    decision = models.ForeignKey(
        "documents.Decision",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The one in force"),
    )
    added_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__isnull=True) | models.Q(organisation__isnull=True),
                name="a_document_has_one_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(decision__isnull=False),
                name="what_is_public_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.title_es if (get_language() or "es").startswith("es") else self.title_en


class Decision(models.Model):
    """That a document is public, or private again: who decided it, when, why, and up to which version."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="decisions")
    is_public = models.BooleanField()
    number = models.PositiveIntegerField(help_text=_("The last version it covers; later ones stay private"))
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=clock.now, editable=False)
    by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.SET_NULL, related_name="publication_decisions"
    )

    class Meta:
        verbose_name = _("decision on publication")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_decision_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {'public' if self.is_public else 'private'}"


class Version(models.Model):
    """One state of a document: a file known by its content, never changed afterwards."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text=_("Bytes"))
    kind = models.CharField(max_length=120, help_text=_("Media type, by content"))
    name = models.CharField(max_length=200, help_text=_("The file's name as it was given"))
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.SET_NULL, related_name="document_versions"
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="versions_are_numbered"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="a_version_is_not_empty"),
        ]
        indexes = [models.Index(fields=["sha256"])]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"
