"""Ground that knows no library and no post: settings, clock, database, crypto, languages, logs."""
