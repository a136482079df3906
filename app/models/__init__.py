"""Our tables, one file per aggregate. A status changes through one method that asks domain/."""
