"""English."""

from __future__ import annotations

from mta_adapters.wording.language import Language, Message, Plural
from mta_core.domain.notifications import Kind

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
                "No mail? Look in spam. If you do not want the appointment any more, "
                "do nothing: it goes to somebody else.",
            ),
        ),
        Kind.CONFIRMED: Message(
            "It is yours: {service}",
            (
                "{slots}",
                "Your number: {number}",
                "The city has confirmed your appointment and sends you a mail about it.",
                "If you cannot come, cancel it: somebody else is waiting.",
            ),
        ),
        Kind.LOST: Message(
            "Somebody was faster: {service}",
            (
                "{slots}",
                "The slot was taken a moment before MTA could reserve it.",
                "MTA goes on looking, and you keep your place in the queue.",
            ),
        ),
        Kind.EXPIRED: Message(
            "The reservation is over: {service}",
            (
                "{slots}",
                "{reason}",
                "The slot is free for others again. MTA goes on looking for you.",
            ),
        ),
        Kind.FAILED: Message(
            "Not booked: {service}",
            ("{slots}", "{reason}"),
        ),
        Kind.CANCELLED: Message(
            "Cancelled: {service}",
            (
                "{slots}",
                "This appointment is not yours any more.",
                "If you still need one, ask MTA to look again.",
            ),
        ),
    },
    slot="{when}, {place}",
    place="{office} ({address})",
    moment="{weekday} {day} {month}, {time}",
    time="{time}",
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
        "mail was not opened": "The link in the city's mail was not clicked in time.",
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
        "the subscription is": "You do not wait for this any more.",
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
)
