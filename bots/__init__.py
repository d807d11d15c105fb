"""Talk: messages, channels, conversations, understanding, dialogues and delivery."""
