"""The face for programs: JSON under /api/v1, the same actions and rules as the pages."""
