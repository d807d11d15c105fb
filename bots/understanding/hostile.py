"""Texts that try to give orders to a machine: they are words like any other and change nothing."""

import re

_ATTACKS = re.compile(
    r"(ignor\w*|vergiss|vergesst|forget|disregard|override|missachte|ueberschreib\w*|bypass|umgeh\w*)\W+(?:\w+\W+){0,5}?"
    r"(instruction|instructions|prompt|rules|regeln|anweisung|anweisungen|vorgaben|befehle|everything you|all previous|previous|above|vorherigen|bisherigen|system\w*|guidelines)"
    r"|\b(developer|debug|admin|administrator|root|god|maintenance|jailbreak|dan|sudo|test|entwickler|wartungs|system)[\s-]*(mode|modus|access|zugang|rechte|override|user)\b"
    r"|\bsystem\s*(prompt|message|nachricht|override|:)|\byou are now\b|\bdu bist (jetzt|ab sofort|nun)\b|\bact as\b|\bpretend (to be|you)|\btu so als|\bstell dir vor du"
    r"|\b(set|change|make|put|lower|reduce|setz\w*|aender\w*|mach\w*|stell\w*)\W+(?:\w+\W+){0,6}?(price|prices|preis|preise|total|cost|kosten|rabatt)\W+(?:\w+\W+){0,5}?(to|auf|zu|zero|null|0|1)\b"
    r"|\b(price|preis|total|betrag)\s*(=|:=|to|auf)\s*\d|\b(everything|alles|all|items?|it|order|bestellung|produkte|artikel|waren?)\W+(?:\w+\W+){0,4}?(for free|umsonst|kostenlos|gratis|for 0|fuer 0|for nothing|fuer lau|for 1 (euro|cent)|fuer (1|einen) (euro|cent))\b"
    r"|\b(100|99|90|[5-9]0)\s*(%|prozent|percent)\W+(?:\w+\W+){0,3}?(rabatt|discount|off|nachlass)\b"
    r"|\b(drop|delete|truncate|insert|update|select|union)\s+(table|from|into|database|all from|\*)|<\s*/?\s*(script|system|img|iframe|svg|html|style)\b|\bonerror\s*=|\bjavascript:|\{\{|\$\{|\[\[?(system|inst|admin)|<\||\bexec\(|\beval\(|\bxp_cmdshell|--\s*$|';|\bor 1\s*=\s*1"
    r"|\b(reveal|show|print|tell|give|zeig\w*|verrat\w*|nenn\w*|gib)\W+(?:\w+\W+){0,4}?(system prompt|prompt|api key|password|passwort|secret|credentials|zugangsdaten|source code|quellcode|kundendaten|customer data|database|datenbank|other customers?|anderer kunden|anderen kunden|all orders|alle bestellungen|all customers?|alle kunden)"
    r"|\b(mark|markier\w*|set|setz\w*)\W+(?:\w+\W+){0,5}?(as|als)\W+(paid|bezahlt|delivered|geliefert|shipped|refunded|erstattet)\b"
    r"|\b(i am|ich bin|im)\W+(the |der |die |dein |your )?(admin|administrator|developer|entwickler|owner|besitzer|ceo|inhaber|chef hier|boss of this shop|programmierer|geschaeftsfuehrer)\b"
    r"|\b(without paying|ohne zu bezahlen|ohne zu zahlen|ohne bezahlung)\b|\"(role|op|intents|cart_ops|tool|function)\"\s*:|\b(tool_call|function_call|cart_ops|set_price)\b"
)  # fmt: skip


def is_attack(folded: str) -> bool:
    """Whether the text addresses the machine behind the shop instead of the shop."""
    return _ATTACKS.search(folded) is not None
