"""Statements on the calendar, on times and slots, on releases: sections 1.2, 4, 6, 8.

One statement per line: section, text, test and, for some, a note. A test is written
without ``test_practice_`` and ``.py``.
"""

from __future__ import annotations

from typing import Final

from tests.unit.practice.statements import Statement

_CALENDAR: Final = """
1.2 | the window defaults to the horizon and is clamped into it | calendar::TestWindow::test_is_filled_and_clamped
1.2 | no overlap or reversed is 520 | calendar::TestWindow::test_outside_the_horizon_is_520
1.2 | days only of the full months of the window, cut by the horizon | calendar::test_horizon_cuts_the_painted_month
1.2 | a wide window narrows to its first bookable day | calendar::test_wide_window_narrows_to_its_first_bookable_day
1.2 | a single empty day snaps to the first of its month | calendar::test_single_day_without_offer_snaps_to_the_first_of_its_month
1.2 | a single day with an offer stays | calendar::test_single_day_with_offer_stays
1.2 | an empty month is scanned forward | calendar::test_empty_month_scans_forward
1.2 | times are of one day only, other days have no offices | calendar::test_wide_window_narrows_to_its_first_bookable_day
1.2 | a listed day may have no time | calendar::TestSlotsNeeded::test_listed_day_may_have_no_time
1.2 | providerIDs of the searched day are those with times | calendar::TestOffices::test_searched_day_lists_only_offices_with_times
1.2 | previous and next bookable date lie outside the painted months | calendar::test_neighbours_lie_outside_the_painted_months
1.2 | they stay within the horizon | calendar::test_neighbours_stay_within_the_horizon
1.2 | times lie after now | calendar::test_past_times_of_today_are_not_shown
1.2 | no office with a scope is 404 noAppointmentForThisScope | catalogue::test_recorded_answer_is_served_as_it_is | by the recorded catalogue, skipped without ../shared
1.2 | shape of the answer | conformance::test_every_answer_is_as_the_own_schema_says
"""

_SLOTS: Final = """
6 | the catalogue's fields and types | conformance::test_every_answer_is_as_the_own_schema_says
6 | the city's own catalogue has those fields and types | conformance::test_the_recorded_catalogue_is_right_by_both | skipped without ../shared
6 | answers fit the published description, but for four places | conformance::test_every_answer_is_as_the_city_publishes | skipped without ../shared
6 | the four places are wrong there | conformance::test_what_is_wrong_in_the_publication_is_still_wrong_there | skipped without ../shared
6 | combinable is numbered, the service itself first | catalogue::test_compact_catalogue_has_long_shared_and_combinable_services
6 | combinable is [] when there is none | combined::TestCatalogueFields::test_a_service_that_combines_with_nothing_has_an_empty_list
6 | disabledByServices and allowDisabledServicesMix | combined::TestCatalogueFields::test_two_offices_are_one_choice_of_the_page | the page chooses, the API does not
6 | parentId, variantId, rootParentId | combined::TestCatalogueFields::test_variants_have_a_parent
6 | slotsPerAppointment is a text | combined::TestCatalogueFields::test_one_office_limits_the_slots_of_an_appointment
6 | relations may point at services that are not listed | combined::TestCatalogueFields::test_a_relation_may_point_at_a_service_that_is_not_listed
6 | N is the sum of count x slots over all services | calendar::TestSlotsNeeded::test_needs_of_several_services_add_up
6 | a time needs N consecutive slots | calendar::TestSlotsNeeded::test_time_needs_consecutive_slots
6 | where the opening does not allow several slots N is 1 | combined::TestOpeningsOfOneSlot::test_take_any_service_in_one_slot
6 | each slot has a capacity | combined::TestSeveralDesks::test_a_time_is_shown_once_and_taken_as_often_as_there_are
6 | combined services hold the slots of all | combined::TestSeveralServices::test_take_the_sum_of_their_slots
6 | and give all back together | combined::TestSeveralServices::test_all_slots_come_back_together
6 | maxQuantity, combinable, slotsPerAppointment are not enforced | combined::TestSeveralServices::test_quantities_and_combinations_are_not_enforced
6 | shared offices: one winner per timestamp, by turns over scope ids | shared::TestPooled::test_offices_take_turns_in_the_order_of_their_scopes
6 | a turn passes with every timestamp | shared::TestPooled::test_a_time_of_one_office_alone_counts_as_its_turn | read in the published ProcessStatusFree
6 | timestamps are unique per group | shared::TestPooled::test_no_time_is_shown_twice_and_none_is_missing
6 | turns begin anew with every question | shared::TestPooled::test_turns_begin_anew_with_every_question
6 | peers are pooled only if they are asked together | shared::TestPooled::test_one_office_asked_alone_shows_all_of_its_own | the frontend adds the peers, the API does not
6 | offices that do not share are not pooled | shared::TestPooled::test_offices_that_do_not_share_show_the_same_time_each
6 | other days name all offices of the day list | shared::TestPooled::test_the_day_names_the_owners_other_days_all_offices
6 | reserve is done with the office that owns the timestamp | shared::TestReserve::test_is_done_with_the_office_that_owns_the_time
6 | what is shown can be reserved there | shared::TestReserve::test_every_shown_time_can_be_reserved_with_its_owner
6 | nothing else can be reserved | promises::test_calendar_shows_exactly_what_can_be_reserved
1.4 | sharedBookingOfficeIds exist since Muc-46 | combined::TestCatalogueFields::test_older_releases_have_no_sharing
0 | an unchecked office shares with a checked one | combined::TestCatalogueFields::test_a_checked_office_shares_with_an_unchecked_one
5 | asked together with a checked peer a token is needed | shared::TestCheck::test_asked_together_with_its_checked_peer_it_needs_one
5 | an unchecked peer alone needs none | shared::TestCheck::test_an_unchecked_office_shows_its_times_without_a_token
5 | reserve looks at the one office only | shared::TestCheck::test_its_times_can_be_reserved_without_one
"""

_TIMERS: Final = """
4 | reservation minutes are the scope's own | jobs::TestOwnMinutes::test_of_a_reservation
4 | activation minutes are the scope's own, from reserve | jobs::TestOwnMinutes::test_of_an_activation
4 | capacity is never exceeded, whoever races | citizens::TestCitizens | random citizens, stepped clock
4 | a durations' end is met by a minute run | timers::TestReservation::test_lapses_at_the_next_run_after_its_time
8 | the minute jobs come in the cron file's order | jobs::test_jobs_run_in_the_order_of_the_citys_cron
8 | jobs run every minute, on the minute | timers::test_runs_are_aligned_to_the_minute
8 | a reservation not continued is free with the next run | timers::TestReservation::test_lapses_at_the_next_run_after_its_time
8 | a link not clicked frees with the next run | timers::TestActivation::test_clock_runs_from_reserve
8 | a cancelled reservation is free with the next calculateSlots | timers::TestCancelled::test_reserved_one_returns_with_the_next_run
8 | a cancelled appointment waits for its deallocation | timers::TestCancelled::test_returns_after_deallocation
8 | deallocation may be 0 minutes | jobs::TestOwnMinutes::test_of_a_deallocation_may_be_none
8 | a job that hangs is skipped for up to 15 min | jobs::TestSkipped::test_a_cancelled_one_waits_for_the_slots | by POST /practice/jobs
8 | each job is switched by itself | jobs::TestSkipped::test_the_others_run_on | by POST /practice/jobs
8 | runs may come late | jobs::TestLate::test_everything_comes_so_much_later | by POST /practice/jobs
8 | slots that start within 5 min are cancelled by each run | calendar::test_slots_within_five_minutes_are_cancelled_by_the_next_run
8 | no slot is ever lost | citizens::TestCitizensOfALivingCity | random citizens, with a programme
"""

_RELEASES: Final = """
8 | Bürgerbüros: same day 7-8, next week 9-11, 42 days over night | programme::TestStatedHours::test_buergerbueros
8 | same day 7-8, 14 days 7.30-8.30 | programme::TestStatedHours::test_two_steps
8 | KFZ: at most 7 days ahead, 7-8 | programme::TestStatedHours::test_cars_at_most_seven_days_ahead
8 | Schnellschalter 7.30 (Mo/We/Fr), 8.30 (Tu/Th) | programme::TestStatedHours::test_quick_counter_has_its_own_hour_each_day
8 | Ausländerbehörde 7 (Mo/We/Fr), 8 (Tu/Th) | counters::TestStated::test_the_foreigners_office_is_known_by_its_name
8 | one counter 10 min before opening, mornings and noon | counters::TestSupply::test_one_counter_opens_ten_minutes_before_each_opening
8 | hours are read from infoForAllAppointments | counters::TestStated::test_phrases_are_understood
8 | silent offices have a booking window | counters::TestStated::test_silent_ones_have_a_window | its length is drawn as often as in the city's data
8 | the window rolls as the clock passes the opening's start, not at midnight | programme::TestWindow::test_rolls_as_the_clock_passes_the_start_of_the_opening
8 | and opens the newly reached last day | programme::TestWindow::test_reaches_only_its_newest_day
8 | what staff save shows within a minute | programme::TestStatedHours::test_two_steps | saved within 40 s of its minute, shown by the next run
8 | single returns come at random times | programme::TestReturns::test_come_singly_at_random_times_of_the_day
8 | and show on the minute | programme::TestReturns::test_show_after_the_offices_deallocation_time
8 | lapsed reservations of others come back on the minute | programme::TestCompetition::test_lets_some_lapse_so_that_they_come_back
8 | bulk releases are contended | programme::TestCompetition::test_takes_all_that_is_released_in_the_end | lifetimes are synthetic, after ../shared/polling.md
"""


def _read(line: str) -> Statement:
    section, text, test, *note = (part.strip() for part in line.split(" | "))
    file, _, name = test.partition("::")
    return Statement(section, text, f"test_practice_{file}.py::{name}", *note)


STATEMENTS: Final = tuple(
    _read(line)
    for part in (_CALENDAR, _SLOTS, _TIMERS, _RELEASES)
    for line in part.strip().splitlines()
)
