"""Sheets to print, and names that are hard to set."""

import dataclasses
from datetime import UTC, date, datetime

from certifications.certificates.sheet import Sheet

NAMES = {
    "long": "Maria Magdalena Wilhelmina Alexandra van Oldenbarnevelt tot Nieuwkerk aan den IJssel",
    "longest": "Wilhelmina " * 13 + "Zuid",
    "one word": "W" * 150,
    "Arabic": "ياسمينة الإدريسي",
    "Persian": "پریسا رضایی",
    "Urdu": "گلناز چوہدری",
    "Hebrew": "נועה כהן",
    "Chinese": "欧阳娜娜",
    "Korean": "김민준",
    "Cyrillic": "Олександра Шевченко",
    "Greek": "Ελένη Παπαδοπούλου",
    "Vietnamese": "Nguyễn Thị Ánh Đặng",
    "Hindi": "प्रिया शर्मा",
    "Bengali": "অনিন্দিতা চক্রবর্তী",
    "Tamil": "லட்சுமி ஸ்ரீநிவாசன்",
    "Thai": "สมชาย ใจดี",
    "Armenian": "Անահիտ Սարգսյան",
    "Amharic": "ሰላም ተስፋዬ",
    "Georgian": "ნინო ბერიძე",
    "emoji": "Zoë 🌷 Łukasz",
    "markup": "<b>Noor</b> & 'Co' \"x\"",
}


def a_sheet(**fields: object) -> Sheet:
    usual = Sheet(
        kind="course",
        language="nl",
        number="VAV-2026-004217",
        code="7F3K92QXMB4T",
        learner_name="Yasmina El Idrissi",
        title="Hulpverlener EHBO",
        details="Reanimatie en AED\u00a0· 12 studiepunten",
        achieved_on=date(2026, 12, 8),
        valid_until=date(2028, 12, 7),
        organisation="Vrijwilligersacademie Vlaanderen",
        colour="#17389b",
        badge="",
        logo="",
        signatory_name="Hilde Verbruggen",
        signatory_title="Directeur opleidingen",
        made_at=datetime(2026, 12, 8, 15, tzinfo=UTC),
    )
    return dataclasses.replace(usual, **fields)  # type: ignore[arg-type]
