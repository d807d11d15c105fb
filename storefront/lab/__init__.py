"""The lab: doubles of the providers the shop talks to, its clock and its fault switches. Never on by itself."""
