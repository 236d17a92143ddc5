"""The clock: one table of what runs when. Moments are in UTC; each line is asked for once per slot of time."""

from corredor.kernel.jobs.schedule import Line, daily

TABLE: tuple[Line, ...] = (
    daily("05:20", "jobs.forget_finished"),
    daily("05:30", "messages.erase_old"),
    daily("05:40", "documents.sweep"),
    daily("05:45", "tokens.forget_ended"),
    daily("05:50", "flows.forget_uploads"),
    daily("05:55", "people.forget_ended_sessions"),
)
