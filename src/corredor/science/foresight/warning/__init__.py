"""Early warning: is something beginning, here and now?

Three lights for each series. *Forecast*: the chance of a surge within three months, from the issued quantiles
(``Forecast.chance_of_at_least``). *Surveillance*: ``train_stack(counts, direction, columns) -> Stack``, then
``stack.scores(counts)``. *Acceleration*: ``walk_z(counts, direction)``, which sees what begins while all is high already.

A threshold is bought with false alarms: ``Watched.over(counts, direction, columns).at_budget(scores, 0.2)`` gives the
record at the threshold that finds most for at most 0.2 false alarms per series-year; ``record(scores, threshold)`` the
record of any threshold on any other stretch of time. ``starts_of`` turns months of alarm into alarms, and
``reasons_for`` says in two languages what spoke.

Counts are (flows, periods), NaN where nothing was reported; direction 1 is a surge, −1 a collapse.
"""

from corredor.science.foresight.warning.alarms import Episode, Record, Watched, episodes_of, starts_of
from corredor.science.foresight.warning.detectors import DETECTORS, Direction, walk_z
from corredor.science.foresight.warning.reasons import Reason, reasons_for
from corredor.science.foresight.warning.stack import Stack, train_stack

__all__ = [
    "DETECTORS",
    "Direction",
    "Episode",
    "Reason",
    "Record",
    "Stack",
    "Watched",
    "episodes_of",
    "reasons_for",
    "starts_of",
    "train_stack",
    "walk_z",
]
