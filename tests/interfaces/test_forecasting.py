"""From imported figures to forecasts that no reader can see farther through than the figures themselves."""

from datetime import UTC, date, datetime

import pytest
from tests.factories.people import actor

from corredor.areas.flows import services as flows
from corredor.areas.flows.queries import series_card
from corredor.areas.foresight import queries
from corredor.interfaces import forecasting
from corredor.kernel import clock
from corredor.kernel.events import outgoing
from corredor.kernel.jobs.models import Job
from corredor.kernel.policy import PUBLIC, SYSTEM
from corredor.kernel.sharing import Level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]
FLOW = "pan-snm-darien/irregular_transit/PAN-DARIEN/M/ALL/ALL/ALL/ALL/ALL//published"
COUNTS = (900, 1400, 1100, 2300, 1900, 2600, 3100, 2800, 3600, 3300, 4100, 3900)


@pytest.fixture
def darien(tmp_path):
    """A verb that imports months of Darién totals, known on a day, as its own country's."""
    flows.load_reference()

    def bring(counts, *, start=date(2023, 1, 1), known_on=date(2024, 1, 15)):
        rows = ["measure,gate,frequency,period,value"]
        for index, count in enumerate(counts):
            month = start.month - 1 + index
            rows.append(
                f"irregular_transit,PAN-DARIEN,M,{start.year + month // 12}-{month % 12 + 1:02d}-01,{count}"
            )
        path = tmp_path / f"{known_on}.csv"
        path.write_text("\n".join(rows) + "\n")
        return flows.import_observations(
            path=path, by=SYSTEM, adapter="tidy", source="pan-snm-darien", known_at=known_on
        )

    return bring


def at(day: date):
    return clock.moved_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def test_what_is_a_country_s_own_is_forecast_for_that_country_only(darien):
    with at(date(2024, 1, 20)):
        darien(COUNTS)
        forecasting.issue_from_figures(by=SYSTEM)

    assert queries.newest(actor("delegate", country="PAN"), FLOW).level == Level.OWN
    assert queries.newest(actor("delegate", country="HND"), FLOW) is None
    assert queries.newest(PUBLIC, FLOW) is None


def test_each_level_gets_the_forecast_of_what_it_sees(darien):
    with at(date(2024, 2, 20)):
        first = darien(COUNTS)
        flows.publish_batch(batch=first.batch, level=Level.PUBLIC, by=actor("delegate", country="PAN"))
        darien([9000], start=date(2024, 1, 1), known_on=date(2024, 2, 15))
        forecasting.issue_from_figures(by=SYSTEM)

    assert queries.newest(PUBLIC, FLOW).origin == date(2023, 12, 1)
    assert queries.newest(actor("delegate", country="PAN"), FLOW).origin == date(2024, 1, 1)
    assert queries.newest(actor("delegate", country="HND"), FLOW).origin == date(2023, 12, 1)


def test_what_everybody_sees_alike_is_issued_once(darien):
    with at(date(2024, 1, 20)):
        batch = darien(COUNTS)
        flows.publish_batch(batch=batch.batch, level=Level.PUBLIC, by=actor("delegate", country="PAN"))

        assert forecasting.issue_from_figures(by=SYSTEM).issued == 1
        assert forecasting.issue_from_figures(by=SYSTEM).unchanged == 1


def test_an_import_asks_for_the_refresh_and_the_arriving_figure_scores_the_forecast(darien):
    with at(date(2024, 1, 20)):
        darien(COUNTS)
        outgoing.deliver_due()
        assert Job.objects.filter(name="foresight.refresh").count() == 1
        forecasting.refresh(source="pan-snm-darien")
    with at(date(2024, 2, 20)):
        darien([4400], start=date(2024, 1, 1), known_on=date(2024, 2, 15))
        forecasting.refresh(source="pan-snm-darien")

    panamanian = actor("delegate", country="PAN")
    assert queries.record(panamanian, flow=FLOW).forecasts == 1
    assert queries.record(PUBLIC).forecasts == 0
    assert queries.newest(panamanian, FLOW).origin == date(2024, 1, 1)
    assert queries.past(panamanian, FLOW)[0].steps[0].observed == 4400


def test_a_past_day_s_forecast_uses_only_what_was_known_then(darien):
    with at(date(2024, 3, 20)):
        darien(COUNTS)
        darien([9000], start=date(2024, 1, 1), known_on=date(2024, 2, 15))
        forecasting.issue_edition_by_edition(by=SYSTEM)

    panamanian = actor("delegate", country="PAN")
    assert [view.origin for view in queries.forecasts(panamanian)] == [date(2023, 12, 1), date(2024, 1, 1)]
    assert queries.record(panamanian, flow=FLOW).forecasts == 1


def test_figures_taken_back_take_their_forecast_with_them_and_it_stands_again_with_them(darien):
    panamanian = actor("delegate", country="PAN")
    with at(date(2024, 2, 20)):
        darien(COUNTS)
        wrong = darien([999_999], start=date(2024, 1, 1), known_on=date(2024, 2, 15))
        forecasting.refresh(source="pan-snm-darien")
        assert queries.newest(panamanian, FLOW).last_count == 999_999

        flows.withdraw_batch(batch=wrong.batch, by=panamanian)
        outgoing.deliver_due()
        assert queries.newest(panamanian, FLOW) is None
        forecasting.refresh(source="pan-snm-darien")
        assert queries.newest(panamanian, FLOW).last_count == COUNTS[-1]

        darien([999_999], start=date(2024, 1, 1), known_on=date(2024, 2, 16))
        forecasting.refresh(source="pan-snm-darien")

    assert queries.newest(panamanian, FLOW).last_count == 999_999
    assert queries.past(panamanian, FLOW)[0].last_count == COUNTS[-1]


def test_a_series_that_goes_less_far_takes_its_forecast_back(darien):
    panamanian = actor("delegate", country="PAN")
    with at(date(2024, 1, 20)):
        first = darien(COUNTS)
        flows.publish_batch(batch=first.batch, level=Level.PUBLIC, by=panamanian)
        forecasting.refresh(source="pan-snm-darien")
        assert queries.newest(PUBLIC, FLOW) is not None

        series = series_card(SYSTEM, FLOW).id
        flows.set_series_level(series=series, level=Level.MEMBERS, by=panamanian)
        outgoing.deliver_due()
        assert queries.newest(PUBLIC, FLOW) is None
        forecasting.refresh(source="pan-snm-darien")
        assert queries.newest(actor("delegate", country="HND"), FLOW) is not None

        flows.set_series_level(series=series, level=Level.PUBLIC, by=panamanian)
        forecasting.refresh(source="pan-snm-darien")

    assert queries.newest(PUBLIC, FLOW) is not None
