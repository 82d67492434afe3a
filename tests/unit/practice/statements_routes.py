"""Statements on routes, errors, guards, validation, booking, check and browser.

One statement per line: section, text, test and, for some, a note. A test is written
without ``test_practice_`` and ``.py``. "by fault" stands for what the city's backend
raises and nothing here does: only a fault with that errorCode brings it.
"""

from __future__ import annotations

from typing import Final

from tests.unit.practice.statements import Statement

_DOORS: Final = """
1 | JSON in UTF-8 without escapes | http::TestBody::test_umlauts_and_slashes_are_not_escaped
1 | no ETag, not to be kept | http::test_answers_are_not_to_be_kept
1 | both slash forms work, without a redirect | http::TestRouting::test_trailing_slash_is_optional
1 | unknown path is 404 notFound | http::TestRouting::test_unknown_path
1 | wrong method on a known path is 404 notFound | routes::TestRoutes::test_every_other_method_is_not_found | HEAD, of which the contract says nothing, counts as wrong, too
1 | numeric strings are taken for ids | booking::TestReserve::test_numeric_strings_are_taken
1 | the logged-in variant of the path has the same routes | routes::TestRoutes::test_logged_in_variant_answers_the_same
1 | CORS is the gateway's job | browser::TestForeignPages::test_preflight_is_answered_at_the_gateway
1.1 | twelve routes | routes::TestRoutes::test_there_are_the_twelve_of_today
1.1 | every route answers JSON | http::TestRouting::test_every_route_answers_json
1.1 | malformed Authorization is 401 around authKeyMismatch 406 | routes::TestLogin::test_malformed_is_401_around_406
1.1 | malformed Authorization denies update, preconfirm, confirm, cancel | routes::TestLogin::test_malformed_denies_every_change
1.1 | a login does not replace the authKey | routes::TestLogin::test_valid_login_still_needs_the_key
1.1 | my-appointments needs a login | routes::TestMyAppointments::test_needs_a_login
1.1 | my-appointments is a bare array of confirmed ones | routes::TestMyAppointments::test_shows_own_confirmed_ones_as_a_bare_array
1.1 | filterId picks one | routes::TestMyAppointments::test_filter_picks_one | inferred: it is a process id; what is no number filters nothing
1.1 | an appointment belongs to the citizen who worked on it | routes::TestMyAppointments::test_owner_is_who_worked_on_it_first | inferred: update, preconfirm and confirm set the owner, the first one stays
1.1 | appointment and confirm hand out a fresh captchaToken | human::TestToken::test_appointment_and_confirm_hand_out_fresh_ones
1.1 | serviceCount is [1] by default | booking::TestReserveValidation::test_missing_count_means_one
1.2 | nothing bookable is 200 with an empty list | routes::TestErrors::test_nothing_free_is_200_with_an_empty_list
1.2 | each office must offer every service, else 400 alone | routes::TestErrors::test_second_step_alone_reports_the_combination
1.3 | thinnedProcess has all its fields in order | booking::TestReserve::test_answers_the_whole_process
1.3 | process ids have 5 or 6 digits in no order | booking::TestReserve::test_process_ids_are_in_no_order
1.3 | displayNumber is prefix and counter, else the id | booking::TestReserve::test_display_number_has_prefix_and_counter_or_is_the_id
1.3 | icsContent tells time and place | booking::TestReserve::test_ics_tells_time_and_place
1.3 | services after the first are subRequestCounts | booking::TestReserve::test_takes_the_slots_of_all_services
1.3 | cancelling a confirmed one answers an odd shell | booking::TestCancel::test_confirmed_becomes_an_odd_shell
1.3 | cancelling a reserved one blocks it | booking::TestCancel::test_reserved_is_blocked_without_a_mail | of the two wire statuses that the contract allows it is blocked
1.4 | available-calendar tells the generations apart | generation::TestRecognition::test_new_city_complains_old_city_knows_nothing
1.4 | muc45 has its twenty-one routes | generation::TestRecognition::test_has_the_routes_of_its_tag
1.4 | muc45 answers both slash forms | generation::TestRecognition::test_both_slash_forms_answer_alike
1.4 | today has none of the old routes | routes::TestRoutes::test_old_routes_are_gone
1.4 | available-days covers the whole range | generation::TestDays::test_whole_range_in_one_answer
1.4 | available-days-by-office names the offices | generation::TestDays::test_by_office
1.4 | no day is 404 noAppointmentForThisDay | generation::TestDays::test_none_is_an_error
1.4 | available-appointments has the times of a day | generation::TestTimes::test_of_one_day
1.4 | available-appointments-by-office has int ids | generation::TestTimes::test_by_office
1.4 | no time is 404, by office 200 with an empty list | generation::TestTimes::test_none_is_an_error_or_an_empty_list
1.4 | the old names are in the singular | generation::TestDays::test_wrong_input_is_named_as_today
1.4 | services, offices, scopes are lists | generation::TestCatalogue::test_lists
1.4 | scope-by-id is bare, 404 scopesNotFound | generation::TestCatalogue::test_one_scope
1.4 | services-by-office, 404 requestNotFound | generation::TestCatalogue::test_services_of_an_office
1.4 | offices-by-service, 404 providerNotFound | generation::TestCatalogue::test_offices_of_a_service
1.4 | the booking routes are unchanged | generation::TestRecognition::test_booking_is_as_today
"""

_ERRORS: Final = """
2.1 | the envelope | http::TestRouting::test_not_found_envelope
2.1 | HTTP status is the highest in the list | routes::TestErrors::test_highest_status_wins_over_the_order
2.1 | failing rules of a step are collected in order | routes::TestErrors::test_every_missing_parameter_is_collected_in_order
2.1 | captcha errors come last | calendar::TestHumanCheck::test_its_error_comes_last
2.1 | scalar or mismatched lists fault the server bare | booking::TestReserveValidation::test_wrong_lists_fault_the_server
2.1 | counts of another length fault the calendar, too | calendar::TestValidation::test_as_many_counts_as_services
2.1 | the check says no with HTTP 200 | human::TestUpstream::test_failure_is_told_with_200
2.2 | 67 entries | errors::test_table_holds_every_documented_entry
2.2 | the table word for word | table::test_table_is_the_contracts_word_for_word | skipped without ../shared
2.2 | an unknown key is unknownError 520 | errors::test_unknown_key_goes_out_as_unknown_error
2.2 | three wire codes differ from their keys | errors::test_only_three_entries_have_a_code_of_their_own
2.2 | every entry can be met over HTTP | routes::TestErrors::test_every_entry_of_the_table_can_be_met | by a fault with its errorCode; the ordinary way where a statement here names one
2.3 | startDateAfterEndDate, dateRangeTooLarge, invalidDateRange are 520 | routes::TestErrors::test_codes_without_an_entry_are_520
2.3 | a lost race is 404 around unknownError 520 | booking::TestReserve::test_lost_race_is_404_unknown_error
2.3 | ProcessCreateFailed and ProcessUpdateFailed are 500 around 520 | faults::TestStatus::test_backend_may_fail_in_a_way_without_a_name | cannot be raised here; by a fault with status 500 and errorCode unknownError
2.3 | IP_BLACKLISTED goes out under that code | guards::TestBlacklist::test_address_and_block_are_refused
2.3 | EMPTY_SERVICE_ARRAYS, which invalidServiceId forestalls | by fault
2.3 | MISMATCHED_ARRAYS, which ends as a bare 500 | by fault
2.4 | ProcessNotFound: 404 appointmentNotFound | booking::TestIdentity::test_unknown_process
2.4 | AuthKeyMatchFailed: 406 authKeyMismatch | booking::TestIdentity::test_wrong_key
2.4 | ExternalUserIdMatchFailed: 406 authKeyMismatch | routes::TestLogin::test_somebody_else_is_refused
2.4 | ProcessNotReservedAnymore: 409 | booking::TestWay::test_preconfirm_needs_reserved
2.4 | ProcessNotPreconfirmedAnymore: 409 | booking::TestWay::test_confirm_works_once
2.4 | EmailRequired: 406 emailIsRequired | booking::TestWay::test_missing_mail_is_found_after_the_status_has_changed
2.4 | MoreThanAllowedAppointmentsPerMail: 406 | booking::TestMailLimit::test_counts_preconfirmed_and_confirmed_of_the_scope
2.4 | CalendarWithoutScopes: 404 noAppointmentForThisScope | catalogue::test_office_may_have_no_scope
2.4 | InvalidFirstDay: 520 | calendar::TestWindow::test_outside_the_horizon_is_520
2.4 | ProcessAlreadyExists: 409 (ids are drawn until one is new) | by fault
2.4 | ProcessAlreadyCalled: 409 (nobody calls citizens here) | by fault
2.4 | ProcessInvalid: 400 | by fault
2.4 | ProcessDeleteFailed: 500 | by fault
2.4 | TelephoneRequired: 406 (validation lets a missing one pass) | by fault
2.4 | MoreThanAllowedSlotsPerAppointment: 400 (not enforced on HEAD) | by fault
2.4 | MoreThanAllowedQuantityPerService: 400 (not enforced on HEAD) | by fault
2.4 | PreconfirmationExpired: 400 (never thrown by HEAD) | by fault
2.4 | AppointmentsMissed: 404 noAppointmentForThisScope | by fault
2.4 | SchemaValidation: 400 invalidSchema | by fault
2.4 | MailNotFound: 404 | by fault
2.4 | backend unreachable: 503 zmsClientCommunicationError | by fault
"""

_GUARDED: Final = """
2.5 | the order of the guards | guards::TestOrder::test_blacklist_size_sanitizer_counter_maintenance
2.5 | blacklist, size and sanitizer refuse uncounted | guards::TestOrder::test_only_the_counted_count
2.5 | addresses and CIDR blocks are blacklisted | guards::TestBlacklist::test_block_may_be_written_from_any_of_its_addresses
2.5 | too large is 413 by Content-Length | http::TestBody::test_too_large_is_refused_uncounted
2.5 | control characters are removed from the query | http::TestQuery::test_control_characters_are_removed
2.5 | too long a string is a bare 500 | guards::TestSanitizer::test_longest_string_passes_and_one_more_faults_bare
2.5 | nesting of ten is a bare 500 | guards::TestSanitizer::test_nesting_ends_before_ten
2.5 | bodies are not sanitised | guards::TestSanitizer::test_bodies_are_left_alone
2.5 | one counter per address over all routes, 60 | http::TestCounter::test_counts_all_routes_and_then_refuses
2.5 | each accepted request renews 60 s | counter::test_counter_dies_60_s_after_the_last_accepted_request
2.5 | a refused request renews nothing | counter::test_refused_request_renews_nothing
2.5 | 58 remain after the first | counter::test_first_answer_says_58_remaining
2.5 | a slow client is refused in the end, too | counter::test_slow_client_is_refused_too_once_it_has_sixty
2.5 | 429 has no Retry-After and no security headers | http::TestCounter::test_counts_all_routes_and_then_refuses
2.5 | the forwarded address counts | http::TestCounter::test_forwarded_address_decides
2.5 | accepted answers carry security headers | http::test_accepted_answers_carry_security_headers
2.5 | maintenance is 503 on every route | guards::TestMaintenance::test_answers_503_everywhere
2.5 | a gateway may make a 400 of a 5xx | faults::TestStatus::test_gateway_may_make_a_400_of_a_503 | by a fault with status and errorCode
2.5 | a repeated name counts last | http::TestQuery::test_repeated_name_counts_last | inferred from PHP
"""

_INPUTS: Final = """
3 | each calendar field | calendar::TestValidation::test_each_field
3 | slots window reversed | calendar::TestValidation::test_reversed_window
3 | past dates and 365 days are allowed | calendar::TestValidation::test_past_dates_and_365_days_are_allowed
3 | each field of reserve | booking::TestReserveValidation::test_each_field
3 | processId and authKey | booking::TestIdentity::test_both_parts_are_checked
3 | authKey has 4 or 64 hex digits | booking::TestIdentity::test_key_has_4_or_64_hex_digits
3 | authKey is trimmed | booking::TestIdentity::test_key_is_trimmed_and_the_id_may_be_a_string
3 | familyName must not be blank | contact::test_name_must_not_be_blank
3 | email by the city's pattern, no plus sign | contact::test_email_fails_where_it_is_required
3 | telephone only where activated | contact::test_telephone_fails_only_where_it_is_asked_for
3 | a missing telephone passes though required | contact::test_missing_telephone_passes_even_where_it_is_required
3 | custom text normalised, at most 250 | contact::TestCustomText::test_length_counts_after_normalisation
3 | required but not activated is not demanded | contact::TestCustomText::test_required_but_not_activated_is_not_demanded
3 | rules of the scope hold at update | booking::TestWay::test_rules_of_the_scope_hold_at_update
3 | a body must be a JSON object | http::TestBody::test_must_be_a_json_object
3 | with a JSON content type | http::TestBody::test_must_be_sent_as_json
"""

_WAY: Final = """
4 | the state machine | states::test_only_the_ways_of_the_table_exist
4 | reserve, update, preconfirm, confirm | booking::TestWay::test_reserve_update_preconfirm_confirm
4 | confirm straight from reserved | booking::TestWay::test_confirm_straight_from_reserved
4 | update may be repeated | booking::TestWay::test_update_may_be_repeated_and_keeps_what_is_absent
4 | no such slot is 404 appointmentNotAvailable | booking::TestReserve::test_slot_never_offered_is_not_available
4 | no more cancelling once it has begun | booking::TestCancel::test_begun_appointment_stays
4 | after a cancel the old key is 406 | booking::TestCancel::test_old_key_opens_nothing_more
4 | cancel mail unless it was reserved | booking::TestCancel::test_preconfirmed_is_deleted_with_a_mail
4 | confirmation mail with the calendar entry | routes::TestMails::test_confirmation_brings_the_calendar_entry
4 | mail links carry base64 of id and authKey | booking::TestMails::test_links_carry_id_and_key
4 | mails leave through a minute job | booking::TestMails::test_leave_with_the_minute_job
4 | no mail without an address or a sender | booking::TestWay::test_office_without_need_of_mail_sends_none
4 | the activation clock runs from reserve | timers::TestActivation::test_clock_runs_from_reserve
4 | the reservation clock is not renewed | timers::TestReservation::test_is_not_renewed_by_an_update
4 | the per-mail limit is checked at preconfirm, too | booking::TestMailLimit::test_is_checked_again_at_preconfirm
4 | whitelisted mails are exempt | booking::TestMailLimit::test_whitelisted_mails_are_exempt
4 | rescheduling has no route of its own | routes::TestMails::test_rescheduling_needs_no_route_of_its_own
"""

_PERSON: Final = """
5 | captcha-details | human::TestDetails::test_tell_where_the_check_is | the two addresses are the practice city's own, not the real service's
5 | the API ignores captchaEnabled | human::TestDetails::test_disabled_is_only_told
5 | the challenge's shape | human::TestChallenge::test_has_the_shape_of_the_recorded_one
5 | the work, byte by byte | human::TestVerify::test_work_is_what_the_contract_describes
5 | success has a token | human::TestVerify::test_solution_earns_a_token
5 | both base64 alphabets | human::TestVerify::test_payload_may_be_url_safe_and_unpadded
5 | what cannot be read is told with 200 | human::TestVerify::test_unreadable_payload
5 | a wrong solution is told with 200 | human::TestVerify::test_wrong_solution_fails
5 | a payload is verifiable once | human::TestVerify::test_payload_can_be_verified_once
5 | a challenge expires | human::TestVerify::test_challenge_expires | after 1200 s, the code's default; the service's docs say 300
5 | the cost grows per address | human::TestCost::test_grows_with_the_challenges_of_the_address | visits are challenges asked for before this one
5 | the ladder forgets | human::TestCost::test_old_challenges_are_forgotten | after 1800 s, the code's default
5 | no rung is a million | human::TestCost::test_below_the_ladder_it_is_a_million
5 | allow-listed addresses pay 1 | human::TestCost::test_allow_listed_address_pays_one
5 | the token is a JWT with ip, iat, exp, 300 s | human::TestToken::test_is_a_jwt_with_address_and_300_seconds
5 | reusable, for all offices, until it expires | human::TestToken::test_opens_every_office_until_it_expires
5 | bound to the caller's address | human::TestToken::test_is_bound_to_its_address
5 | captchaMissing and captchaInvalid | calendar::TestHumanCheck::test_any_checked_office_demands_a_token
5 | demanded at reserve | booking::TestReserveValidation::test_checked_office_demands_a_token_last
5 | unchecked offices never ask | calendar::TestHumanCheck::test_unchecked_office_ignores_a_token
5 | the whole way of a person at a checked office | checked_booking::test_booking_with_the_human_check
7 | the frontend talks to the API on its own origin | browser::TestFrontend::test_api_answers_on_the_same_origin
7 | a mail's link opens the frontend | browser::TestFrontend::test_mail_link_opens_the_frontend
"""

_BY_FAULT: Final = (
    "routes::TestErrors::test_every_entry_of_the_table_can_be_met",
    "cannot be raised here; POST /practice/faults with this errorCode",
)


def _read(line: str) -> Statement:
    section, text, test, *note = (part.strip() for part in line.split("|"))
    if test == "by fault":
        test, *note = _BY_FAULT
    file, _, name = test.partition("::")
    return Statement(section, text, f"test_practice_{file}.py::{name}", *note)


STATEMENTS: Final = tuple(
    _read(line)
    for part in (_DOORS, _ERRORS, _GUARDED, _INPUTS, _WAY, _PERSON)
    for line in part.strip().splitlines()
)
