"""The city's error table, as data (contract 2.2): 67 entries.

One entry per line: key, HTTP status, error type, English message.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TABLE_TEXT: Final = """
zmsClientCommunicationError 503 error The service is temporarily unavailable. Please try again later.
notImplemented 501 error Feature not implemented yet.
notFound 404 error Endpoint not found.
invalidRequest 400 warning Invalid request.
requestMethodNotAllowed 405 warning Request method not allowed.
captchaVerificationFailed 400 error Captcha verification failed.
invalidLocationAndServiceCombination 400 warning The provided service(s) do not exist at the given location.
invalidStartDate 400 warning startDate is required and must be a valid date.
invalidEndDate 400 warning endDate is required and must be a valid date.
invalidSlotsStartDate 400 warning slotsStartDate must be a valid date.
invalidSlotsEndDate 400 warning slotsEndDate must be a valid date.
slotsStartDateAfterEndDate 400 warning slotsStartDate must not be after slotsEndDate.
invalidOfficeId 400 warning officeId should be a 32-bit integer.
invalidServiceId 400 warning serviceId should be a 32-bit integer.
emptyServiceArrays 400 warning Service IDs and counts cannot be empty.
mismatchedArrays 400 warning Service IDs and counts must have same length.
invalidServiceCount 400 warning serviceCounts should be an array of numeric values.
invalidProcessId 400 warning processId should be a positive 32-bit integer.
invalidScopeId 400 warning scopeId should be a positive 32-bit integer.
invalidAuthKey 400 warning authKey should be a string.
invalidDate 400 warning date is required and must be a valid date.
invalidTimestamp 400 warning Missing timestamp or invalid timestamp format. It should be a positive numeric value.
invalidFamilyName 400 warning familyName should be a non-empty string.
invalidEmail 400 warning email should be a valid email address.
invalidTelephone 400 warning telephone should be a numeric string between 7 and 15 digits.
invalidCustomTextfield 400 warning customTextfield must be non-empty when required and at most 250 characters after normalization.
invalidCustomTextfield2 400 warning customTextfield2 must be non-empty when required and at most 250 characters after normalization.
appointmentCanNotBeCanceled 406 warning The selected appointment cannot be canceled.
appointmentNotAvailable 404 error The selected appointment is unfortunately no longer available.
noAppointmentForThisDay 404 info No available days found for the given criteria.
captchaVerificationError 400 error An error occurred during captcha verification.
captchaMissing 400 error Missing captcha token.
captchaInvalid 400 error Invalid captcha token.
captchaExpired 400 error Captcha token expired.
serviceUnavailable 503 error Service Unavailable: The application is under maintenance.
invalidSchema 400 warning Data does not match the required schema.
internalError 500 error An internal error occurred. Please try again later.
invalidApiClient 400 warning Invalid API client.
sourceNotFound 404 info Source not found.
departmentNotFound 404 error Department not found.
mailNotFound 404 error Mail template not found.
organisationNotFound 404 error Organisation not found.
providerNotFound 404 error Provider not found.
requestNotFound 404 error Requested service not found.
scopeNotFound 404 error Scope not found.
processInvalid 400 warning The process data is invalid.
processAlreadyExists 409 warning An appointment process already exists.
processDeleteFailed 500 error Failed to delete the appointment.
processAlreadyCalled 409 warning The appointment has already been called.
processNotReservedAnymore 409 error The appointment is no longer reserved.
processNotPreconfirmedAnymore 409 error The appointment is no longer preconfirmed.
emailIsRequired 406 warning Email address is required.
telephoneIsRequired 406 warning Telephone number is required.
appointmentNotFound 404 error Maybe you have already canceled your appointment? Otherwise, please check that you have used the correct link.
authKeyMismatch 406 warning Invalid authentication key.
invalidCredentials 406 warning Invalid credentials.
noAppointmentForThisScope 404 info Please try again at a later time.
tooManyAppointmentsWithSameMail 406 error You can only book a limited number of appointments with your e-mail address. Please cancel another appointment before you book a new one.
tooManySlotsPerAppointment 400 error The number of slots exceeds the maximum allowed slots per appointment.
tooManyServicesPerAppointment 400 error The quantity of a service exceeds the maximum allowed quantity.
scopesNotFound 404 error No scopes found.
preconfirmationExpired 400 error Unfortunately, the time for activating your appointment has expired. Please schedule the appointment again.
ipBlacklisted 403 error Access denied - IP address is blacklisted.
rateLimitExceeded 429 warning Rate limit exceeded. Please try again later.
requestEntityTooLarge 413 warning Request entity too large.
securityHeaderViolation 403 error Security policy violation.
unauthorized 403 error You are not authorized to access this resource.
"""

#: Keys that go out under another name; all others are their own wire code.
WIRE_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "emptyServiceArrays": "EMPTY_SERVICE_ARRAYS",
        "mismatchedArrays": "MISMATCHED_ARRAYS",
        "ipBlacklisted": "IP_BLACKLISTED",
    }
)
