"""Whether mail works: the server is asked, or somebody gets a mail."""

from app.cli.findings import Finding
from app.errands.mails import trial
from app.foundation.mail import MailFailure, postman_of
from app.foundation.settings import Settings
from app.words.sentences import sentence


def finding(settings: Settings) -> Finding:
    """Whether the mail server takes us; without one that is said, and well."""
    postman = postman_of(settings)
    if postman is None:
        return Finding(True, "No mail is sent: SMTP_HOST is empty. Warnings stand on the first screen alone.")
    try:
        postman.check()
    except MailFailure as failure:
        return Finding(False, f"Mail over {postman.host}: {sentence(failure.code, 'en')}")
    return Finding(True, f"Mail goes out over {postman.host}.")


def try_to(settings: Settings, address: str) -> int:
    """Send a mail to an address and say how it went; returns the exit code."""
    try:
        trial(settings, address)
    except MailFailure as failure:
        print(sentence(failure.code, "en"))
        return 1
    print(f"The mail server took a mail to {address}. Look whether it arrives, also among unwanted mail.")
    return 0
