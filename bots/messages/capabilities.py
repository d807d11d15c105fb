"""What a channel can show, as data. `docs/channels.md` is generated from it; `fit` reads nothing else."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Limits of a channel. Zero means: the channel has none of it. Lengths count characters unless named bytes."""

    text_length: int
    caption_length: int = 0  # text beside a picture; 0: pictures carry no text
    pictures: bool = True
    rich: bool = False  # the channel draws every message kind itself (own web chat)

    buttons: int = 0  # reply buttons on one message
    button_length: int = 20
    button_text_length: int = 1024  # body of a message with buttons
    buttons_with_picture: bool = True
    links_with_buttons: bool = True  # a link button may stand beside reply buttons
    link_buttons: int = 0  # link buttons on one message
    action_id_bytes: int = 64

    list_rows: int = 0
    list_row_length: int = 24
    list_description_length: int = 72

    carousel_cards: int = 0
    carousel_min_cards: int = 2
    carousel_buttons: int = 0
    card_text_length: int = 160
    card_links_only: bool = False
    card_action_id_bytes: int = 64

    documents: bool = True
    location_request: bool = False
    typing: bool = False
    receipts: bool = False  # the provider reports delivery
    reply_window: timedelta | None = None  # after the person's last message; None: no window
    templates: bool = False
    per_second: float = 0.0  # messages a second of one account that the provider takes; 0: no limit of its own
    recipient_pause: timedelta | None = None  # between messages to one person in the long run; None: no limit
    recipient_burst: int = 0  # messages to one person that may go at once; the pauses follow
