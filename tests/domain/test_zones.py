import zoneinfo
from datetime import UTC, datetime
from functools import cache

import pytest

from bot.content.zones import load_zones
from bot.domain.zones import Gazetteer, Zone
from bot.errors import BadZone


@cache
def zones():
    return load_zones()


def test_every_zone_of_this_computer_gets_itself_by_name_in_any_spelling():
    for name in zoneinfo.available_timezones():
        assert zones().get(name).name == name
        assert zones().get(f" {name.lower()} ").name == zones().get(name).name
    assert len(zones()) == len(zoneinfo.available_timezones())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("sao paulo", "America/Sao_Paulo"),
        ("São Paulo", "America/Sao_Paulo"),
        ("France", "Europe/Paris"),
        ("United Kingdom", "Europe/London"),
        ("Great Britain", "Europe/London"),
        ("scotland", "Europe/London"),
        ("Holland", "Europe/Amsterdam"),
        ("Istanbul", "Europe/Istanbul"),  # Asia/Istanbul is only its old name
        ("UK", "Europe/London"),
        ("India", "Asia/Kolkata"),  # not Indiana
        ("utc", "UTC"),
    ],
)
def test_a_city_or_a_country_with_one_zone_is_enough(typed, name):
    assert zones().get(typed).name == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("berl", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("USA", "America/New_York"),
        ("America", "America/Los_Angeles"),
        ("Australia", "Australia/Lord_Howe"),
        ("Canada", "America/St_Johns"),
        ("UK", "Europe/London"),
        ("India", "Asia/Kolkata"),
        ("Netherlands", "Europe/Amsterdam"),
    ],
)
def test_a_search_offers_the_zone_for_what_people_type(typed, name):
    assert name in [zone.name for zone in zones().search(typed)]


@pytest.mark.parametrize("country", ["Germany", "USA", "Australia"])
def test_a_country_with_several_zones_is_asked_back_with_its_zones(country):
    with pytest.raises(BadZone) as error:
        zones().get(country)
    for name in error.value.values["nearest"]:
        assert country in zones().get(name).countries


@pytest.mark.parametrize(
    ("typed", "near"),
    [("Europe/Berln", "Europe/Berlin"), ("Mumbay", None), ("", None), ("🕰", None)],
)
def test_a_zone_that_does_not_exist_is_answered_with_the_nearest(typed, near):
    with pytest.raises(BadZone) as error:
        zones().get(typed)
    nearest = error.value.values["nearest"]
    assert error.value.values["zone"] == typed
    assert 1 <= len(nearest) <= 3
    assert near is None or near in nearest


@pytest.mark.parametrize(
    ("typed", "meant"), [("Lonodn", "Europe/London"), ("Amsterdm", "Europe/Amsterdam")]
)
def test_a_typo_is_asked_about_and_not_guessed(typed, meant):
    with pytest.raises(BadZone) as error:
        zones().get(typed)
    assert meant in error.value.values["nearest"]


def test_whole_names_come_before_beginnings_and_cities_before_countries():
    towns = Gazetteer(
        [Zone("A/Jersey", ("Jersey",)), Zone("A/Aa", ("Jersey",)), Zone("B/Jersey_City")]
    )
    assert [z.name for z in towns.search("jersey")] == ["A/Jersey", "A/Aa", "B/Jersey_City"]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Europe/London", "London, Britain (UK): 15:05 (Europe/London)"),
        ("America/New_York", "New York, United States: 10:05 (America/New_York)"),
        ("Asia/Kolkata", "Kolkata, India: 19:35 (Asia/Kolkata)"),
        ("UTC", "UTC: 14:05 (UTC)"),
    ],
)
def test_a_zone_is_offered_with_its_place_and_the_time_there(name, label):
    assert zones().get(name).label(datetime(2026, 7, 2, 14, 5, tzinfo=UTC)) == label
