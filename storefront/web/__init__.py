"""Pages for people: chat, payment, order, withdrawal, desk and lab, on one set of design tokens."""
