"""Finding services without the model: a need and a place in, results and follow-ups out."""

import re
from datetime import datetime, timedelta

import pytest

from bot.clock import BRUSSELS
from bot.dialogue.results import PAGE
from bot.dialogue.turn import Memory
from bot.directory.search import by_ids
from bot.messages import SHARE_POSITION, SKIP_PLACE, TALK_TO_PEER
from tests.dialogue.talk import Talk, payloads, talk, texts

__all__ = ["talk"]


def names_shown(talk: Talk, count: int = PAGE) -> list[str]:
    with talk.context.database.session() as session:
        ids = talk.memory.results[talk.memory.shown - count : talk.memory.shown]
        return [one.name for one in by_ids(session, ids, talk.now)]


def test_without_a_place_one_is_asked_for(talk: Talk) -> None:
    reply = talk.needs("food")
    assert {SHARE_POSITION, SKIP_PLACE} <= set(payloads(reply))
    assert talk.memory.asking == "place"
    assert talk.memory.need == "food"


def test_the_place_that_was_asked_for_leads_to_results(talk: Talk) -> None:
    talk.needs("food")
    reply = talk.hears("take_place", "ixelles", intent="give_location", commune="Ixelles")
    assert talk.memory.commune == "Ixelles"
    assert talk.memory.shown == PAGE
    for name in names_shown(talk):
        assert name in texts(reply)
    assert "/ask_more" in payloads(reply)
    assert TALK_TO_PEER in payloads(reply)


def test_a_need_with_its_place_is_served_at_once(talk: Talk) -> None:
    reply = talk.needs("shelter", commune="Bruxelles")
    assert "Samusocial" in texts(reply)
    assert "0800 99 340" in texts(reply).splitlines()


def test_results_are_numbered_on_from_page_to_page(talk: Talk) -> None:
    first = talk.needs("health", commune="Bruxelles")
    second = talk.hears("more_services", intent="ask_more")
    assert re.findall(r"^(\d+)\. ", texts(first), re.M) == ["1", "2", "3"]
    assert re.findall(r"^(\d+)\. ", texts(second), re.M) == ["4", "5", "6"]


def test_every_result_is_shown_once_until_there_are_no_more(talk: Talk) -> None:
    talk.needs("hygiene", commune="Charleroi")
    total, seen = len(talk.memory.results), names_shown(talk, talk.memory.shown)
    while talk.memory.shown < total:
        before = talk.memory.shown
        talk.hears("more_services", intent="ask_more")
        seen += names_shown(talk, talk.memory.shown - before)
    assert len(seen) == len(set(seen)) == total
    last = talk.hears("more_services", intent="ask_more")
    assert "pas d'autre adresse" in texts(last)
    assert TALK_TO_PEER in payloads(last)


def test_the_place_can_be_skipped(talk: Talk) -> None:
    talk.needs("shelter")
    reply = talk.hears("skip_place")
    assert "0800 99 340" in texts(reply)
    assert talk.memory.results


def test_no_is_as_good_as_the_button_that_skips(talk: Talk) -> None:
    talk.needs("shelter")
    reply = talk.hears("yes_or_no", "non", intent="deny")
    assert "0800 99 340" in texts(reply)


def test_skipping_a_place_that_nobody_asked_for_shows_the_menu(talk: Talk) -> None:
    assert "/need_food" in payloads(talk.hears("skip_place"))


def test_a_shared_position_is_a_place(talk: Talk) -> None:
    talk.needs("shelter")
    reply = talk.hears("take_place", intent="give_location", position="50.6326,5.5797")
    assert "Liège" in texts(reply)
    assert talk.memory.position == "50.6326,5.5797"
    assert talk.memory.commune is None


@pytest.mark.parametrize("position", ["here", "1", "91,4", "nan,nan", "50.6,5.5,3", ""])
def test_a_position_that_is_none_is_asked_for_again(talk: Talk, position: str) -> None:
    talk.needs("shelter")
    talk.hears("take_place", intent="give_location", position=position)
    assert talk.memory.results == ()
    assert talk.memory.asking == "place"


def test_a_place_that_is_not_known_is_asked_for_again(talk: Talk) -> None:
    talk.needs("food")
    reply = talk.hears("take_place", "Paris", intent="give_location")
    assert talk.memory.asking == "place"
    assert SKIP_PLACE in payloads(reply)


def test_a_place_without_a_need_is_kept_for_later(talk: Talk) -> None:
    talk.hears("take_place", "Ixelles", intent="give_location", commune="Ixelles")
    reply = talk.needs("food")
    assert talk.memory.commune == "Ixelles"
    assert talk.memory.results
    assert "Ixelles" in texts(reply)


def test_another_place_takes_the_need_along(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    before = talk.memory.results
    talk.hears("take_place", "et à Liège ?", intent="give_location", commune="Liège")
    assert talk.memory.need == "food"
    assert talk.memory.commune == "Liège"
    assert talk.memory.results != before


def test_the_second_one_is_told_in_full(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    second = names_shown(talk)[1]
    reply = talk.hears("show_details", "le deuxième", intent="ask_details", rank="2")
    assert texts(reply).startswith(second)
    assert talk.memory.focus == talk.memory.results[1]


def test_a_bare_number_picks_the_result_of_that_number(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    reply = talk.hears("clarify", "3", intent="nlu_fallback")
    assert texts(reply).startswith(names_shown(talk)[2])


def test_their_number_is_that_of_the_one_spoken_of_last(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    talk.hears("show_details", "le 2", intent="ask_details", rank="2")
    reply = talk.hears("show_details", "leur numéro", intent="ask_details")
    assert texts(reply).startswith(names_shown(talk)[1])


@pytest.mark.parametrize("rank", ["9", "0", "-1", "deux", ""])
def test_a_rank_that_is_not_there_breaks_nothing(talk: Talk, rank: str) -> None:
    talk.needs("food", commune="Bruxelles")
    assert texts(talk.hears("show_details", intent="ask_details", rank=rank))


def test_open_now_is_told_of_each_result_shown(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    reply = talk.hears("open_now", "ouvert maintenant ?", intent="ask_open_now")
    for name in names_shown(talk):
        assert name in texts(reply)
    assert len(re.findall("🟢|🔴|⚪", texts(reply))) == PAGE


def test_open_on_sunday_is_told_for_sunday(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    reply = talk.hears(
        "open_now", "et dimanche ?", intent="ask_open_now", moment="2026-11-29T12:00+01:00"
    )
    assert "dimanche" in texts(reply)


def test_closed_doors_are_left_out_when_a_moment_was_named(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles", moment="2026-11-24T11:00+01:00")
    with talk.context.database.session() as session:
        shown = by_ids(session, talk.memory.results, talk.now)
    assert all(one.opening.is_open is not False for one in shown)


@pytest.mark.parametrize("moment", ["2026-11-20T12:00+01:00", "ce soir", "", "2026-13-45"])
def test_a_moment_that_has_passed_or_is_none_means_now(talk: Talk, moment: str) -> None:
    talk.needs("food", commune="Bruxelles")
    now = talk.memory.results
    talk.needs("food", commune="Bruxelles", moment=moment)
    assert talk.memory.results == now


@pytest.mark.parametrize("handler", ["more_services", "open_now", "show_details"])
def test_a_follow_up_without_a_search_asks_what_is_looked_for(talk: Talk, handler: str) -> None:
    intents = {"more_services": "ask_more", "open_now": "ask_open_now"}
    reply = talk.hears(handler, intent=intents.get(handler, "ask_details"))
    assert texts(reply)
    assert "/need_food" in payloads(reply)


def test_a_follow_up_with_a_need_but_no_place_asks_for_the_place(talk: Talk) -> None:
    talk.needs("food")
    reply = talk.hears("open_now", intent="ask_open_now")
    assert SKIP_PLACE in payloads(reply)


def test_where_nothing_is_near_it_is_said_and_free_lines_are_offered(talk: Talk) -> None:
    reply = talk.needs("hygiene", commune="Virton")
    assert "rien trouvé" in texts(reply)
    assert "1718" in texts(reply)
    assert TALK_TO_PEER in payloads(reply)


def test_where_there_is_nothing_at_all_a_human_and_free_lines_are_offered(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.hears("take_place", "Virton", intent="give_location", commune="Virton")
    talk.memory = Memory(commune="Virton")
    reply = talk.hears("find_services", "x", intent="need_unheard_of")
    assert "rien trouvé" in texts(reply)
    assert TALK_TO_PEER in payloads(reply)
    assert talk.memory.results == ()


def test_who_somebody_is_stays_with_the_talk(talk: Talk) -> None:
    talk.needs("shelter", "pour une femme", commune="Bruxelles", audience="women")
    talk.needs("food", commune="Bruxelles")
    assert talk.memory.audience == ("women",)


def test_a_man_is_never_shown_what_is_for_women(talk: Talk) -> None:
    talk.needs("shelter", "un homme", commune="Bruxelles", audience="men")
    with talk.context.database.session() as session:
        shown = by_ids(session, talk.memory.results, talk.now)
    assert all(one.audience_only != {"women"} for one in shown)


def test_a_bed_for_tonight_is_looked_for_from_now_on(talk: Talk) -> None:
    tonight = (talk.now + timedelta(hours=10)).isoformat()
    reply = talk.needs("shelter", commune="Bruxelles", moment=tonight)
    assert "Samusocial" in texts(reply)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("le numéro de doucheflux", "DoucheFLUX"),
        ("infirmiers de rue", "Infirmiers de rue"),
        ("l'adresse du cpas de jette svp", "CPAS de Jette"),
    ],
)
def test_an_organisation_is_found_by_its_name(talk: Talk, text: str, name: str) -> None:
    reply = talk.hears("find_organisation", text)
    assert name in texts(reply)
    assert talk.memory.results


def test_an_organisation_that_the_model_found_is_looked_up(talk: Talk) -> None:
    reply = talk.hears("find_organisation", "le smes", organisation="Smes")
    assert "Smes" in texts(reply)


def test_of_one_name_the_service_in_the_commune_comes_first(talk: Talk) -> None:
    talk.hears("find_organisation", "aide juridique", organisation="Restos du Cœur")
    reply = talk.hears(
        "find_organisation", "resto du coeur à Liège", organisation="Resto du Cœur", commune="Liège"
    )
    assert "Liège" in texts(reply).split("\n\n")[0]


def test_a_name_that_is_not_known_is_said_to_be(talk: Talk) -> None:
    reply = talk.hears("find_organisation", "le numéro de Zorglub Industries")
    assert "Je ne trouve pas ce nom" in texts(reply)
    assert talk.memory.asking == "organisation"


def test_the_button_for_an_organisation_asks_for_its_name(talk: Talk) -> None:
    reply = talk.hears("find_organisation")
    assert "Quel est le nom" in texts(reply)
    answer = talk.hears("clarify", "doucheflux", intent="nlu_fallback")
    assert "DoucheFLUX" in texts(answer)


def test_a_wrong_number_is_thanked_for_and_another_address_offered(talk: Talk) -> None:
    talk.needs("food", commune="Bruxelles")
    reply = talk.hears("report_wrong", intent="report_wrong_info")
    assert "Merci" in texts(reply)
    first = talk.memory.shown
    talk.hears("yes_or_no", "oui", intent="affirm")
    assert talk.memory.shown > first


def test_at_night_what_opens_tomorrow_is_said_to(talk: Talk) -> None:
    talk.now = datetime(2026, 11, 24, 23, 0, tzinfo=BRUSSELS)
    reply = talk.needs("income", commune="Uccle")
    assert "demain à" in texts(reply) or "mercredi à" in texts(reply)
