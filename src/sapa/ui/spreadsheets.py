"""What every file for a spreadsheet keeps to."""

from typing import Final

# What a spreadsheet takes for the beginning of a formula, also in full width (osTicket #3767, lessons.md E.4).
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """With an apostrophe in front, which spreadsheets take as "this is text" and do not show."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
