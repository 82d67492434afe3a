"""English."""

from __future__ import annotations

from mta_adapters.wording.language import Language, Message, Plural
from mta_core.domain.conditions import MEANINGS
from mta_core.domain.notifications import Kind

_LATER_STAYS = Plural(
    "swaps", "Your later appointment stays yours until an earlier one is confirmed.", ""
)

_ALL_OF_THEM = "The command mta why lists all that MTA suspects now."

ENGLISH = Language(
    messages={
        Kind.FOUND: Message(
            Plural("count", "Free now: {service}", "{count} free slots: {service}"),
            (
                "{slots}",
                "{and_more}",
                "Such slots are often gone within minutes: book on the city's own page "
                "right away.",
                Plural(
                    "others",
                    "One other person is told of this too.",
                    "{others} others are told of this too.",
                ),
            ),
        ),
        Kind.BOOKING: Message(
            "Booking for you: {service}",
            (
                "{slots}",
                "MTA saw this slot just now and is reserving it for you.",
                "You need do nothing yet; keep an eye on your mail.",
            ),
        ),
        Kind.OPEN_MAIL: Message(
            "Reserved. Now open the city's mail: {service}",
            (
                "{slots}",
                "Your number: {number}",
                "Open the city's mail by {open_by} and click its link, or the "
                "appointment is lost.",
                "The mail comes within a few minutes; look in spam, too.",
                "Sender: {sender}",
                "Then tell MTA that you opened it.",
                _LATER_STAYS,
            ),
        ),
        Kind.MAIL_REMINDER: Message(
            "Still waiting for you: open the city's mail",
            (
                "{service}",
                "{slots}",
                "Open the city's mail by {open_by} and click its link, or the "
                "appointment is lost.",
                "Sender: {sender}",
                "No mail? Look in spam, and tell MTA if there is none.",
                "If you do not want it any more, give it back: somebody else waits.",
                _LATER_STAYS,
            ),
        ),
        Kind.CONFIRMED: Message(
            "It is yours: {service}",
            (
                "{slots}",
                "Your number: {number}",
                "The city has confirmed your appointment and sends you a mail about it.",
                Plural(
                    "swaps",
                    "It replaces your later appointment, which MTA cancels now.",
                    "",
                ),
                "If you cannot come, cancel it: somebody else is waiting.",
            ),
        ),
        Kind.LOST: Message(
            "Somebody was faster: {service}",
            (
                "{slots}",
                "The slot was taken a moment before MTA could reserve it.",
                "MTA goes on looking, and you keep your place in the queue.",
                _LATER_STAYS,
            ),
        ),
        Kind.EXPIRED: Message(
            "The reservation is over: {service}",
            (
                "{slots}",
                "{reason}",
                "The slot is free for others again. MTA goes on looking for you.",
                _LATER_STAYS,
            ),
        ),
        Kind.FAILED: Message(
            "Not booked: {service}",
            ("{slots}", "{reason}", _LATER_STAYS),
        ),
        Kind.CANCELLED: Message(
            "Cancelled: {service}",
            (
                "{slots}",
                "This appointment is not yours any more.",
                "If you still need one, make sure that MTA looks for it.",
            ),
        ),
        Kind.GIVEN_BACK: Message(
            "Given back: {service}",
            (
                "{slots}",
                "The slot is free for somebody else. Thank you.",
                "MTA goes on looking for you. If you do not need it any more, end "
                "your wish.",
                _LATER_STAYS,
            ),
        ),
        Kind.REPLACED: Message(
            "Your later appointment is cancelled: {service}",
            (
                "{slots}",
                "The city may send you a mail about that.",
                "The earlier one stays yours.",
            ),
        ),
        Kind.NOT_CANCELLED: Message(
            "Not cancelled: {service}",
            (
                "{slots}",
                "The city did not take this appointment back, so it is still yours.",
                "If you do not need it, cancel it by the link in the city's mail: "
                "somebody else is waiting.",
            ),
        ),
        Kind.APPOINTMENT: Message(
            "Your appointment is near: {service}",
            (
                "{slots}",
                "Your number: {number}",
                "If you cannot come, cancel it, so that somebody else gets it: by MTA, "
                "or by the link in the city's mail.",
            ),
        ),
        Kind.STILL_NEEDED: Message(
            "Do you still need this? {service}",
            (
                "MTA has looked for it since {since}.",
                "If you do, resume it. If not, end it, and others get their turn.",
                "If you say nothing for two weeks, MTA pauses it. You keep your place "
                "in the queue.",
                "Its id: {id}",
            ),
        ),
        Kind.PAUSED: Message(
            "Paused: {service}",
            (
                "MTA has not heard from you, so it does not look for this any more.",
                "You keep your place in the queue. Resume it when you need it.",
                "Its id: {id}",
            ),
        ),
        Kind.OVER: Message(
            "The time for this is over: {service}",
            (
                "No day is left that would suit you, so MTA has stopped looking.",
                "If you still need it, change its days, and MTA goes on.",
                "Its id: {id}",
            ),
        ),
        Kind.VANISHED: Message(
            "The city does not offer this at the moment: {service}",
            (
                "It cannot be booked at any office that suits you.",
                "You keep your place in the queue, and MTA tells you when it is back.",
                "Its id: {id}",
            ),
        ),
        Kind.BACK: Message(
            "The city offers this again: {service}",
            (
                "MTA looks for it again. You have kept your place in the queue.",
                "Its id: {id}",
            ),
        ),
        Kind.CONDITION: Message(
            "{subject}: {condition}",
            (
                "{detail}",
                "Since {began}.",
                "{meaning}",
                Plural(
                    "besides",
                    "One more is in the same condition.",
                    "{besides} more are in the same condition.",
                ),
                _ALL_OF_THEM,
            ),
        ),
        Kind.CONDITION_OVER: Message(
            "It is over. {subject}: {condition}",
            (
                "From {began} to {ended}.",
                "{detail}",
                Plural(
                    "besides",
                    "The same is over for one more.",
                    "The same is over for {besides} more.",
                ),
                _ALL_OF_THEM,
            ),
        ),
        Kind.INVITATION: Message(
            "Your turn to watch: {service}",
            (
                "At {hour} the city releases slots, as it says itself: {offices}.",
                Plural(
                    "minutes",
                    "That is in a minute.",
                    "That is in {minutes} minutes.",
                ),
                "The times there are shown to people only. Run the command mta shift "
                "just then and tick the city's box: for five minutes MTA looks there "
                "for you.",
                "Is this not your hour? The command mta shift offer says when you can.",
            ),
        ),
        Kind.SAMPLE: Message(
            "MTA reaches you here",
            ("This is a test. Messages about your appointments will look like this.",),
        ),
    },
    slot="{when}, {place}",
    place="{office} ({address})",
    moment="{weekday} {day} {month}, {time}",
    time="{time}",
    on_day="{day} {month} {year}",
    and_more=Plural("more", "and one more", "and {more} more"),
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ),
    # By the city's error codes (contract 2.2) and MTA's own words, first fit first.
    reasons={
        "tooManyAppointmentsWithSameMail": (
            "This office gives only so many appointments to one mail address. Cancel "
            "another one there, or give MTA another address."
        ),
        "invalidEmail": "The city did not accept your mail address. Please check it.",
        "emailIsRequired": "This office asks for a mail address. Please give one.",
        "invalidTelephone": (
            "The city did not accept your telephone number. Please check it."
        ),
        "telephoneIsRequired": (
            "This office asks for a telephone number. Please give one."
        ),
        "invalidCustomTextfield": (
            "The city did not accept your answer to the office's own question. Please "
            "check it."
        ),
        "invalidFamilyName": "The city did not accept your name. Please check it.",
        "captcha": (
            "This office asks for the city's human check, which only you can pass."
        ),
        "human check is over": (
            "The city's human check was over before the slot could be reserved. Pass "
            "it again by the command mta shift, and MTA tries again."
        ),
        "mail was not opened": (
            "The link in the city's mail was not clicked in time. After the second "
            "time MTA only tells you of slots, until you change or resume your wish."
        ),
        "reservation lapsed": "There was not enough time to complete it.",
        "appointmentNotFound": "The city does not hold it any more.",
        "authKeyMismatch": "The city does not hold it any more.",
        "contact details were taken back": (
            "You took back your contact details, so MTA gave the slot back."
        ),
        "too late to open the city's mail": (
            "It is too late today for you to open the city's mail, so MTA did not "
            "reserve. It goes on looking for you."
        ),
        "too late for this slot": (
            "The city could not be asked in time. MTA goes on looking for you."
        ),
        "the subscription is paused": "You have paused this.",
        "the subscription is": "You do not wait for this any more.",
        "the citizen gave it back": "You gave it back.",
        "replaced by an earlier": "You have an earlier appointment now.",
        "does not suit any more": "It does not suit your changed wishes any more.",
        "whose fate is unknown": (
            "Another reservation of yours may still be held by the city. Until it has "
            "lapsed MTA holds no second one."
        ),
        "answer was lost": (
            "The city did not answer, so nobody knows whether the slot was held. If it "
            "was, it lapses by itself. MTA goes on looking for you."
        ),
        "/reserve-appointment/": (
            "The city did not answer clearly, so nobody knows whether the slot was "
            "held. If it was, it lapses by itself. MTA goes on looking for you."
        ),
    },
    no_reason="Something went wrong between MTA and the city.",
    meanings={name.value: meaning for name, meaning in MEANINGS.items()},
)
