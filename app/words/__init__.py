"""From codes to sentences in the reader's language, and the texts of mails."""
