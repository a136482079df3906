"""Questions to the database: functions of (session, scope, ...) that read and never write."""
