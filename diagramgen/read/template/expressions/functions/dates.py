"""Functions of dates.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-date
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from diagramgen.read.template.expressions.functions.row import rows
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import only_deployed, undocumented
from diagramgen.read.template.values import Value

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6})\d*)?\s*(Z|[-+]\d\d:\d\d)?|(\d{8})T(\d{6})Z",
    re.I,
)
_DURATION = re.compile(
    r"(?P<sign>[-+])?P(?:(?P<Y>\d{1,4})Y)?(?:(?P<M>\d{1,5})M)?(?:(?P<W>\d{1,5})W)?(?:(?P<D>\d{1,7})D)?"
    r"(?:T(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?(?:(?P<s>\d{1,12})S)?)?"
)
_STANDARD = {
    "d": "MM/dd/yyyy",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
}
"""https://learn.microsoft.com/dotnet/standard/base-types/standard-date-and-time-format-strings"""

_ISO = "yyyy-MM-ddTHH:mm:ssZ"
_CUSTOM = re.compile(r"yyyy|yy|MM?|dd?|HH?|hh?|mm?|ss?|tt|'([^']*)'|[-/:. _TZ]")


def utc_now(form: str = "") -> Value:
    """`utcNow`: the time of the deployment."""
    return only_deployed("utcNow", [form] if form else [], "string")


def date_time_add(base: str, duration: str, form: str | None = None) -> Value:
    """`dateTimeAdd`: a time with a duration of ISO 8601 added."""
    arguments = [base, duration] if form is None else [base, duration, form]
    moment, span = _moment("dateTimeAdd", base), _DURATION.fullmatch(duration)
    if span is None or duration[-1:] in ("P", "T"):
        raise TemplateProblem("`dateTimeAdd` takes a duration like `P1D` or `-PT2H`, and the text is none")
    if moment is None or (form is None and not _is_iso(base)):
        return undocumented("dateTimeAdd", arguments, "a time of this form", "string")
    try:
        ways = {_added(moment, span, exact) for exact in (True, False)}
    except (ValueError, OverflowError):
        raise TemplateProblem("`dateTimeAdd` goes beyond the years that there are") from None
    texts = {written(way, form or _ISO) for way in ways}
    text = texts.pop() if len(texts) == 1 else None
    return (
        undocumented("dateTimeAdd", arguments, "this form, or years and months", "string")
        if text is None
        else text
    )


def date_time_from_epoch(seconds: int | None = None) -> Value:
    """`dateTimeFromEpoch`: the time so many seconds behind the start of 1970."""
    if seconds is None:
        return only_deployed("dateTimeFromEpoch", [], "string")
    try:
        return written(datetime.fromtimestamp(seconds, UTC), _ISO)
    except (OverflowError, ValueError, OSError):
        raise TemplateProblem("`dateTimeFromEpoch` goes beyond the years that there are") from None


def date_time_to_epoch(text: str | None = None) -> Value:
    """`dateTimeToEpoch`: the seconds of a time behind the start of 1970."""
    if text is None:
        return only_deployed("dateTimeToEpoch", [], "int")
    moment = _moment("dateTimeToEpoch", text)
    if moment is None:
        return undocumented("dateTimeToEpoch", [text], "a time of this form", "int")
    return int(moment.timestamp())


def written(moment: datetime, form: str) -> str | None:
    """A time (UTC) in one of .NET's formats; None where this is not yet known here.

    >>> written(datetime(2019, 3, 5, 17, 53, 18, tzinfo=UTC), "d")
    '03/05/2019'
    """
    if len(form) == 1:
        form = _STANDARD.get(form, "?")
    parts, end = [], 0
    for found in _CUSTOM.finditer(form):
        if found.start() != end:
            return None
        end = found.end()
        parts.append(found[1] if found[1] is not None else _field(moment, found[0]))
    return "".join(parts) if end == len(form) else None


def _field(moment: datetime, sign: str) -> str:
    hour = moment.hour % 12 or 12
    numbers = {
        "y": moment.year,
        "M": moment.month,
        "d": moment.day,
        "H": moment.hour,
        "h": hour,
        "m": moment.minute,
        "s": moment.second,
    }
    if sign == "tt":
        return "AM" if moment.hour < 12 else "PM"
    if sign == "yy":
        return f"{moment.year % 100:02}"
    return str(numbers[sign[0]]).rjust(len(sign), "0") if sign[0] in numbers else sign


def _is_iso(text: str) -> bool:
    """Whether a time is written as `dateTimeFromEpoch` writes it: then a sum is too, as Bicep's own tests show."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text))


def _moment(name: str, text: str) -> datetime | None:
    found = _TIMESTAMP.fullmatch(text.strip())
    if found is None:
        return None
    try:
        if found[9]:
            return datetime.strptime(found[9] + found[10], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        zone = (found[8] or "Z").upper().replace("Z", "+00:00")
        stamp = f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}:{found[6]}{zone}"
        return datetime.fromisoformat(stamp).astimezone(UTC)
    except (ValueError, OverflowError):
        raise TemplateProblem(f"`{name}` takes a time, and the text is none") from None


def _added(moment: datetime, span: re.Match[str], exact: bool) -> datetime:
    """A time and a duration; a year and a month have 365 and 30 days, or (`exact`) what the calendar says.

    Microsoft does not tell which; where both give the same it does not matter.
    """
    sign = -1 if span["sign"] == "-" else 1
    years, months, weeks, days, hours, minutes, seconds = (sign * int(span[unit] or 0) for unit in "YMWDhms")
    if exact:
        year, month = divmod(moment.year * 12 + moment.month - 1 + years * 12 + months, 12)
        last = monthrange(year, month + 1)[1]
        moment = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
    else:
        days += 365 * years + 30 * months
    return moment + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


ROWS = rows(
    ("dateTimeAdd", 2, 3, ("string",), "string", date_time_add),
    ("dateTimeFromEpoch", 0, 1, ("int",), "string", date_time_from_epoch),
    ("dateTimeToEpoch", 0, 1, ("string",), "int", date_time_to_epoch),
    ("utcNow", 0, 1, ("string",), "string", utc_now),
)
