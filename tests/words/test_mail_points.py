"""What mails tell, point by point."""

import pytest

from app.words import mail_points
from app.words.mail_points import QUOTE_MOST


@pytest.mark.parametrize(
    ("locale", "marks"),
    [("en", "“”"), ("sv", "””"), ("fi", "””"), ("nb", "«»")],
    ids=["en", "sv", "fi", "nb"],
)
def test_somebodys_words_stand_in_the_quotes_of_the_readers_language(locale: str, marks: str) -> None:
    begin, end = marks[0], marks[1]
    said = mail_points.outcome("Owls", "Olli", "Say when.", 1, locale, approved=False)
    assert said.small == f"{begin}Say when.{end}"
    assert f"{begin}Owls{end}" in said.what
    assert mail_points.comment("Owls", "Olli", "Hoo!", "/", locale).small == f"{begin}Hoo!{end}"
    long = mail_points.comment("Owls", "Olli", "Hoo! " * QUOTE_MOST, "/", locale).small
    assert long.endswith(f"…{end}")
    assert len(long) <= QUOTE_MOST + 2
    assert mail_points.outcome("Owls", "Olli", "", 1, locale, approved=True).small == ""
