"""Whether a free text holds personal data that an append-only ledger could never erase."""

import re
import unicodedata
from datetime import date

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-9][0-9]{16}[0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+86[- ]?)?1[3-9][0-9]{9}(?![0-9A-Za-z])")
_LONG_NUMBER = b"0" * 11
_ZERO_FOR_A_DIGIT = bytes(ord("0" if chr(code) in "0123456789" else " ") for code in range(256))
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def holds_personal_data(text: str) -> bool:
    """Whether `text` holds a valid resident identity number (GB 11643) or a mainland mobile number.

    ASCII letters and digits must not touch them; Chinese characters may. Full-width digits are read as digits.
    """
    plain = _plain(text)
    return bool(_MOBILE.search(plain)) or any(_valid_id(found) for found in _ID_NUMBER.findall(plain))


def may_hold_personal_data(text: bytes) -> bool:
    """Whether a text in UTF-8 has a run of digits as long as the shortest such number. Cheap, and never wrongly
    false."""
    plain = text if text.isascii() else _plain(text.decode()).encode()
    return _LONG_NUMBER in plain.translate(_ZERO_FOR_A_DIGIT)


def _plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _valid_id(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK_CHARACTERS[total % 11] == number[17].upper()
