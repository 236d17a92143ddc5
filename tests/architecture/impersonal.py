"""Texts in records that point to a person and yet say nothing about one. A new text fails until it is placed.

Of a person itself: in the model's PERSONAL_FIELDS, with its rule of erasure. Not of a person: here, or in the model's
IMPERSONAL_FIELDS.
"""

IMPERSONAL: dict[str, set[str]] = {
    "corredor_messages.Message": {"key", "language", "last_fault"},
    "documents.Decision": {"reason"},
    "documents.Version": {"sha256", "kind", "name"},
    "flows.Batch": {
        "file_name",
        "sha256",
        "adapter",
        "mapping",
        "process",
        "failure_en",
        "failure_es",
        "covers",
    },
    "flows.QualityNote": {"text_en", "text_es"},
    "foresight.Issue": {"code_version"},
}
