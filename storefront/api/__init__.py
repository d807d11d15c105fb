"""The merchant API under /api/v1: every capability of the house for programs, described by /api/openapi.json."""
