from datetime import UTC, date, datetime, timedelta

import pytest

from corredor.kernel import clock


def test_the_clock_stands_still_where_it_is_moved():
    moment = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)

    with clock.moved_to(moment):
        assert clock.now() == moment
        assert clock.today("America/Panama") == date(2024, 2, 29)
        assert clock.today("Asia/Tokyo") == date(2024, 3, 1)

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_running_clock_goes_on_from_where_it_is_moved():
    with clock.moved_to(datetime(2030, 1, 1, tzinfo=UTC), running=True):
        first, second = clock.now(), clock.now()

    assert datetime(2030, 1, 1, tzinfo=UTC) <= first <= second < datetime(2030, 1, 1, 0, 1, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.moved_to(datetime(2024, 1, 1)):
        pass
